namespace EdgeLine.Simulator.Scanning;

/// <summary>Which commands a reader understands, and how it answers.</summary>
internal enum ReaderCommands
{
    /// <summary>None.</summary>
    None,

    /// <summary>Keyence: LON, LOFF, KEYENCE, OUTON, OUTOFF; acknowledged.</summary>
    Keyence,

    /// <summary>Keyence: the same, and only queries are answered.</summary>
    KeyenceSilent,

    /// <summary>Cognex DMCC without answers.</summary>
    DmccSilent,

    /// <summary>Cognex DMCC with answers, reads in base64.</summary>
    DmccExtended,

    /// <summary>SICK CoLa A.</summary>
    ColaA,

    /// <summary>Leuze: one or two letters; + and - are never answered.</summary>
    Leuze,

    /// <summary>Omron: a delimited trigger.</summary>
    Omron,

    /// <summary>Datalogic: one byte for phase on, one for phase off.</summary>
    Phase,

    /// <summary>Honeywell: SYN T CR and SYN U CR.</summary>
    Syn,
}

/// <summary>
/// How a reader model writes on the wire. The simulator's own knowledge: it shares nothing with <c>hardware-profiles</c>, so that a
/// mistake there is seen here.
/// </summary>
internal sealed record ReaderTraits
{
    /// <summary>Name of the profile that drives it.</summary>
    public required string Profile { get; init; }

    /// <summary>A person holds it.</summary>
    public bool IsHandheld { get; init; }

    /// <summary>A photo-eye triggers it: it may stand at a conveyor.</summary>
    public bool IsTriggered => !IsHandheld && Profile != "keyence-sr-1000-table";

    /// <summary>It calls the host.</summary>
    public bool CallsHost { get; init; }

    /// <summary>Written before each frame.</summary>
    public string Start { get; init; } = "";

    /// <summary>Written after each frame.</summary>
    public string End { get; init; } = "\r\n";

    /// <summary>No symbol seen, and seen but not decoded.</summary>
    public (string Nothing, string Undecoded) NoRead { get; init; } = ("NOREAD", "NOREAD");

    /// <summary>A no-read text is written without start and end.</summary>
    public bool NoReadIsBare { get; init; }

    /// <summary>Between several symbols of one read; null when only one is sent.</summary>
    public string? Separator { get; init; } = ",";

    /// <summary>Heartbeat as written; empty when it has none.</summary>
    public string Heartbeat { get; init; } = "";

    /// <summary>Its commands.</summary>
    public ReaderCommands Commands { get; init; }

    /// <summary>Speaks SSI packets.</summary>
    public bool Ssi { get; init; }

    /// <summary>All models; the first is the one of the demo's conveyor.</summary>
    public static IReadOnlyList<ReaderTraits> Known { get; } =
    [
        Keyence("keyence-sr-1000", ReaderCommands.Keyence), Keyence("keyence-sr-2000", ReaderCommands.KeyenceSilent),
        Keyence("keyence-sr-1000-table", ReaderCommands.Keyence),
        new() { Profile = "cognex-dataman", Separator = null, Commands = ReaderCommands.DmccSilent },
        new() { Profile = "cognex-dataman-extended", Separator = null, Commands = ReaderCommands.DmccExtended },
        new() { Profile = "cognex-dataman-push", Separator = null, CallsHost = true },
        new()
        {
            Profile = "datalogic-matrix", Start = "\u0002", NoRead = ("\u0018", "\u0018"), Heartbeat = "HB\r\n", Commands = ReaderCommands.Phase,
        },
        Sick("sick-lector", "\u0003"), Sick("sick-clv", "\r\n\u0003"),
        Omron("omron-microhawk"), Omron("omron-v430"),
        new() { Profile = "leuze-dcr", Start = "\u0002", Commands = ReaderCommands.Leuze },
        new() { Profile = "hikrobot-id", End = ";", NoRead = ("NoRead", "NoRead"), NoReadIsBare = true, Separator = null, CallsHost = true },
        new() { Profile = "generic-tcp-client" },
        new() { Profile = "generic-tcp-listener", CallsHost = true },
        Hand("generic-serial-handheld"), Hand("honeywell-handheld") with { Commands = ReaderCommands.Syn },
        Hand("datalogic-handheld"), Hand("newland-handheld"),
        Hand("zebra-handheld-ssi") with { Ssi = true },
    ];

    /// <summary>The model that this profile drives.</summary>
    public static ReaderTraits Of(string profile) => Known.First(one => one.Profile == profile);

    private static ReaderTraits Keyence(string profile, ReaderCommands commands) =>
        new() { Profile = profile, End = "\r", NoRead = ("ERROR", "ERROR"), Commands = commands };

    private static ReaderTraits Sick(string profile, string end) =>
        new() { Profile = profile, Start = "\u0002", End = end, NoRead = ("NoRead", "NoRead"), Commands = ReaderCommands.ColaA };

    private static ReaderTraits Omron(string profile) =>
        new() { Profile = profile, NoRead = ("No Read d_1, E_1", "No Read d_1, E_5"), Commands = ReaderCommands.Omron };

    private static ReaderTraits Hand(string profile) => new() { Profile = profile, IsHandheld = true, End = "\r", Separator = null };
}
