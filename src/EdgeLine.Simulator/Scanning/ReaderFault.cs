namespace EdgeLine.Simulator.Scanning;

/// <summary>What a reader does wrong with one trigger.</summary>
internal enum ReaderFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The frame is sent twice, as a reader does that looks twice.</summary>
    Twice,

    /// <summary>The frame comes right behind that of the next trigger: late, and the two in swapped order.</summary>
    Late,

    /// <summary>The frame waits and leaves in one segment with the next one.</summary>
    Joined,

    /// <summary>The frame is never sent, as in self-trigger mode.</summary>
    Silent,

    /// <summary>What was read before is sent again in place of what is there.</summary>
    Stale,

    /// <summary>A symbol that is none of ours is sent in place of what is there.</summary>
    Foreign,

    /// <summary>A symbol of another kind is sent beside what is there.</summary>
    Beside,

    /// <summary>Nothing is decoded: the second no-read text.</summary>
    Undecoded,

    /// <summary>Half of the frame, and no more.</summary>
    Half,
}
