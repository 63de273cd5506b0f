namespace EdgeLine.Simulator.Printing;

/// <summary>The format under the print head, with what is still to come of it.</summary>
internal sealed class PrintJob(LabelFormat format, int rows, bool reprintAfterError, long startedAt)
{
    /// <summary>What is printed.</summary>
    public LabelFormat Format { get; } = format;

    /// <summary>Dot rows of one label.</summary>
    public int Rows { get; } = rows;

    /// <summary>What <c>^JZ</c> said when its turn came.</summary>
    public bool ReprintAfterError { get; } = reprintAfterError;

    /// <summary>When the label in print began, in ticks of the clock.</summary>
    public long StartedAt { get; set; } = startedAt;

    /// <summary>Labels to come, the one in print included.</summary>
    public int CopiesLeft { get; set; }

    /// <summary>Where its answers go.</summary>
    public Action<string> Answer { get; init; } = static _ => { };

    /// <summary>Why the label in print is printed.</summary>
    public TapeLabelKind Kind { get; set; } = TapeLabelKind.Printed;
}
