using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// One product on the belt with whatever sticks on it. The simulator always knows what is really there, whatever the
/// scanner says about it.
/// </summary>
internal sealed class Item(long number)
{
    /// <summary>Number of the product, from 1.</summary>
    public long Number { get; } = number;

    /// <summary>Our labels on it: none, one, or two after a double feed.</summary>
    public List<TapeLabel> Labels { get; } = [];

    /// <summary>Another symbol on the product, such as an EAN-13.</summary>
    public string? OtherSymbol { get; init; }

    /// <summary>A label that is not of this line, with the text of its symbol.</summary>
    public string? ForeignLabel { get; init; }

    /// <summary>The scanner of the line cannot read it; a handheld at the rework table can.</summary>
    public bool HiddenFromScanner { get; init; }

    /// <summary>A further trigger of the product before, counted by the gate and made of air.</summary>
    public bool IsChatter { get; init; }

    /// <summary>No handheld reads it either; the characters for people are legible.</summary>
    public bool Smudged { get; init; }

    /// <summary>What the scanner of the line sees: several symbols in one read, or none.</summary>
    public IReadOnlyList<string> Visible
    {
        get
        {
            var seen = new List<string>();
            if (!HiddenFromScanner)
            {
                seen.AddRange(Labels.Select(l => l.Readable).OfType<string>());
                seen.AddRange(new[] { ForeignLabel, OtherSymbol }.OfType<string>());
            }

            return seen;
        }
    }
}
