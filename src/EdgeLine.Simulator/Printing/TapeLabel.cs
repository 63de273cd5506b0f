namespace EdgeLine.Simulator.Printing;

/// <summary>Why a label came out of the printer.</summary>
internal enum TapeLabelKind
{
    /// <summary>First image of a format.</summary>
    Printed,

    /// <summary>Imaged again on the printer's own account, after an error with <c>^JZY</c>.</summary>
    ReprintedAfterError,

    /// <summary>Imaged again because somebody pressed the reprint key.</summary>
    RepeatedByKey,

    /// <summary>A further label of <c>^PQ</c> with a quantity above 1.</summary>
    FurtherCopy,

    /// <summary>Fed without an image, as after closing the head.</summary>
    Blank,
}

/// <summary>
/// One piece of label stock that passed the print head, whole or not. This is what a person could hold in the hand; it
/// never changes.
/// </summary>
/// <param name="Sequence">Position on the tape, from 1.</param>
/// <param name="Kind">Why it came out.</param>
/// <param name="Code">Text of the QR symbol, or null for none.</param>
/// <param name="RowsImaged">Dot rows that carry ink.</param>
/// <param name="RowsOfLabel">Dot rows of the whole label.</param>
/// <param name="CodeComplete">The QR symbol is whole: a scanner reads it.</param>
/// <param name="At">When imaging ended.</param>
internal sealed record TapeLabel(
    long Sequence,
    TapeLabelKind Kind,
    string? Code,
    int RowsImaged,
    int RowsOfLabel,
    bool CodeComplete,
    DateTimeOffset At)
{
    /// <summary>What a scanner reads from this piece, or null.</summary>
    public string? Readable => CodeComplete ? Code : null;

    /// <summary>True when the image stops before the end of the label.</summary>
    public bool IsPartial => RowsImaged < RowsOfLabel;

    /// <summary>The last path segment of the symbol: for a certificate label the 16 characters of the code.</summary>
    public string? CodeTail => Code?[(Code.LastIndexOf('/') + 1)..];
}
