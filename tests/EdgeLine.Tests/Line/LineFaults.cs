namespace EdgeLine.Tests.Line;

/// <summary>How often what goes wrong, in a million items; zero is never.</summary>
internal sealed record LineFaults
{
    public int Unlabelled { get; init; }

    public int NoRead { get; init; }

    public int SwappedPair { get; init; }

    public int DoubleFeed { get; init; }

    public int PrinterRepeat { get; init; }

    public int LateTwin { get; init; }

    public int ForeignLabel { get; init; }

    public int CartonCode { get; init; }

    public int Crash { get; init; }

    public int PrinterFault { get; init; }

    public int TrackDown { get; init; }

    public int SendFails { get; init; }

    public int SlowDisk { get; init; }

    /// <summary>An item without label is put on the belt between applicator and scanner.</summary>
    public int Inserted { get; init; }

    /// <summary>Somebody takes an item off the belt; half of them are put back later.</summary>
    public int Removed { get; init; }

    /// <summary>The photo-eye fires twice or more for one item.</summary>
    public int Chatter { get; init; }

    /// <summary>The scanner says nothing at all about an item.</summary>
    public int FrameLost { get; init; }

    /// <summary>The belt stands or backs up for a while although nobody asked for it.</summary>
    public int BackUp { get; init; }

    /// <summary>A label is overlooked at a clearance and stuck on an item later.</summary>
    public int Overlooked { get; init; }

    /// <summary>An item from the bin is shown at the rework table.</summary>
    public int Rework { get; init; }

    /// <summary>Whoever waits for an answer at the rework table scans once more, or takes the next item first.</summary>
    public int Impatience { get; init; }

    /// <summary>A supervisor samples or recalls an item that left.</summary>
    public int TakenBack { get; init; }

    /// <summary>A roll is changed.</summary>
    public int RollChange { get; init; }

    /// <summary>A scanner check, with the cards of the check on the belt.</summary>
    public int Check { get; init; }

    /// <summary>Labels that the line did not ask for: then a person may find more than there can be.</summary>
    public bool MayBringMoreLabels => PrinterRepeat > 0 || ForeignLabel > 0 || LateTwin > 0 || Removed > 0 || Overlooked > 0;
}
