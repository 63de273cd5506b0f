namespace EdgeLine.Simulator.Printing;

/// <summary>
/// One format as the printer understood it: the raw bytes and what they put on paper. Immutable; every label on the tape
/// points to the format that made it.
/// </summary>
internal sealed class LabelFormat
{
    /// <summary>
    /// The bytes from <c>^XA</c> to <c>^XZ</c>, with the default prefix; before them the stored format that they recall.
    /// </summary>
    public required byte[] Raw { get; init; }

    /// <summary>Text of the QR symbol as a reader would give it, or null when there is none.</summary>
    public string? CodePayload { get; init; }

    /// <summary>Dot row on which the QR symbol is complete; 0 without symbol.</summary>
    public int CodeEndsAtRow { get; init; }

    /// <summary>Text fields in the order of the format: what a person can read.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Label length from <c>^LL</c> in dots, or null.</summary>
    public int? LengthRows { get; init; }

    /// <summary><c>^JZ</c> of this format, or null when it does not touch the setting.</summary>
    public bool? ReprintAfterError { get; init; }

    /// <summary>First parameter of <c>^PQ</c>.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>Name under which <c>^DF</c> stores this format instead of printing it.</summary>
    public string? StoreAs { get; init; }

    /// <summary>Answers that the format asks for in its turn, by <c>^HV</c>: what stands in its fields.</summary>
    public IReadOnlyList<string> Verifications { get; init; } = [];

    /// <summary>Pattern of <c>^HW</c>: which stored objects it lists.</summary>
    public string? Lists { get; init; }

    /// <summary>It asks for the format settings (<c>^HZF</c>).</summary>
    public bool AsksSettings { get; init; }

    /// <summary>Pattern of <c>^ID</c>: which stored objects it deletes.</summary>
    public string? Deletes { get; init; }

    /// <summary>Fifth parameter of <c>^JJ</c>: whether <c>~PR</c> repeats the last label; null leaves it.</summary>
    public bool? ReprintOnCommand { get; init; }

    /// <summary>Second parameter of <c>^JJ</c>, 0 to 4: how END PRINT is signalled; null leaves it.</summary>
    public int? EndPrintMode { get; init; }

    /// <summary>Second parameter of <c>^MF</c>: whether closing the head feeds labels; null leaves it.</summary>
    public bool? FeedsAtHeadClose { get; init; }

    /// <summary>False for a format that only sets or stores something.</summary>
    public bool Prints { get; init; }
}
