namespace EdgeLine.Devices.Printing;

/// <summary>Why a printer cannot print. Closed: each has its own words on the screen.</summary>
public enum PrinterFaultKind
{
    /// <summary>No labels left.</summary>
    MediaOut,

    /// <summary>No ribbon left.</summary>
    RibbonOut,

    /// <summary>Print head open.</summary>
    HeadOpen,

    /// <summary>Paused; only a person may resume it.</summary>
    Paused,

    /// <summary>Head too hot.</summary>
    OverTemperature,

    /// <summary>Its receive buffer is full.</summary>
    BufferFull,

    /// <summary>No connection.</summary>
    LinkLost,

    /// <summary>Connected, but it does not answer: unknown, which is not healthy.</summary>
    Silent,

    /// <summary>It is not the model that the profile describes.</summary>
    WrongModel,

    /// <summary>It printed more labels than it was sent; told once for each such finding.</summary>
    UnknownLabels,

    /// <summary>Its reprint key is on: whoever presses it makes a twin.</summary>
    ReprintKeyOn,

    /// <summary>It would print a label again after an error, or does not say that it would not (P1).</summary>
    Reprints,

    /// <summary>Anything else that it reports; the detail says what.</summary>
    Other,
}

/// <summary>Whether a printer can print. A closed family: ready, or one fault, the most important one.</summary>
public abstract record PrinterCondition
{
    private PrinterCondition()
    {
    }

    /// <summary>It answers and reports no fault; or it cannot be asked and the link is up.</summary>
    public sealed record Ready : PrinterCondition
    {
        /// <summary>The one value.</summary>
        public static readonly Ready Value = new();

        private Ready()
        {
        }
    }

    /// <summary>It cannot print.</summary>
    /// <param name="Kind">Why.</param>
    public sealed record Fault(PrinterFaultKind Kind) : PrinterCondition;
}

/// <summary>
/// A change of a printer's condition. Equal reports are never repeated and none is skipped, so a fault between two
/// ready reports is always seen.
/// </summary>
/// <param name="Condition">Ready or a fault.</param>
/// <param name="BootEpoch">
/// Grows with every connection and every suspected restart: formats sent under an older number may be lost.
/// </param>
/// <param name="Detail">For people.</param>
public sealed record PrinterReport(PrinterCondition Condition, int BootEpoch, string Detail)
{
    /// <summary>True when it can print.</summary>
    public bool IsReady => Condition is PrinterCondition.Ready;
}
