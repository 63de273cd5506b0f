namespace EdgeLine.Simulator.Printing;

/// <summary>What stops a printer until a person has put it right.</summary>
internal enum PrinterFault
{
    /// <summary>The roll is empty.</summary>
    MediaOut,

    /// <summary>The ribbon is empty.</summary>
    RibbonOut,

    /// <summary>The print head is open.</summary>
    HeadOpen,

    /// <summary>The cutter is jammed. Not one of the errors after which <c>^JZ</c> repeats the label.</summary>
    CutterJam,

    /// <summary>The print head is too hot. Not one of the errors after which <c>^JZ</c> repeats the label.</summary>
    OverTemperature,

    /// <summary>Mains lost and back: memory, settings and buffer are gone.</summary>
    PowerCycle,
}
