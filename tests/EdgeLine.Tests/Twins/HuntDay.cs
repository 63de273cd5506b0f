using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Twins;

/// <summary>A day at the line: its seed, its printer, and how often what goes wrong, in a million items.</summary>
internal sealed record HuntDay
{
    public required ulong Seed { get; init; }

    /// <summary>The profile that the driver is given; its virtual printer is stubborn.</summary>
    public string Printer { get; init; } = "zebra-zt411-300dpi";

    public Func<PrinterTraits, PrinterTraits> Traits { get; init; } = static t => t;

    /// <summary>Items that shall be verified.</summary>
    public int Target { get; init; } = 1_000;

    /// <summary>Labels are recalled from the printer where the profile allows it.</summary>
    public bool Stored { get; init; } = true;

    /// <summary>A serial line: it does not break when the printer loses its power.</summary>
    public bool Serial { get; init; }

    /// <summary>Media out, ribbon out, head open or power lost at some dot row.</summary>
    public int PrinterFault { get; init; } = 20_000;

    /// <summary>The reprint key.</summary>
    public int ReprintKey { get; init; } = 5_000;

    /// <summary>The cable is pulled at some byte of a label.</summary>
    public int CablePull { get; init; } = 10_000;

    /// <summary>The cable is pulled while the printer waits for a person.</summary>
    public int PullWhileMending { get; init; } = 20_000;

    /// <summary>The cable is pulled at each byte of a label in turn, as soon as the line runs again.</summary>
    public bool EveryByte { get; init; }

    public int NoRead { get; init; } = 5_000;

    public int Unlabelled { get; init; } = 5_000;

    /// <summary>A person shows an item of the bin at the rework table.</summary>
    public int Rework { get; init; } = 300_000;

    /// <summary>Commands that are taken out on the way, such as <c>^JZN</c>: what they prevent must be found then.</summary>
    public IReadOnlyList<string> LeavesOut { get; init; } = [];
}
