namespace EdgeLine.Simulator.Printing;

/// <summary>When a printer answers <c>^HV</c>. The programming guide does not say, so a host must bear each.</summary>
internal enum VerificationMoment
{
    /// <summary>Never: it does not know the command.</summary>
    Never,

    /// <summary>When the label is composed, before anything is on paper.</summary>
    Compose,

    /// <summary>When the head begins.</summary>
    PrintStart,

    /// <summary>When the label is out.</summary>
    PrintEnd,
}
