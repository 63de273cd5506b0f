namespace EdgeLine.Simulator.Demo;

/// <summary>What a demonstration shall do.</summary>
internal sealed record DemoOptions
{
    /// <summary>Where everything is put; emptied at the start.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder with the programs, or null to look beside this one and in the build output.</summary>
    public string? Programs { get; init; }

    /// <summary>Items on each line.</summary>
    public int Labels { get; init; } = 200;

    /// <summary>Seed of all chance.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Items per minute; 0 is as fast as it goes.</summary>
    public int ItemsPerMinute { get; init; } = 120;

    /// <summary>Name of the fault plan.</summary>
    public string Faults { get; init; } = "demo";

    /// <summary>Scanner model of the conveyor.</summary>
    public string Scanner { get; init; } = "keyence-sr-1000";

    /// <summary>How often the service is killed on the way.</summary>
    public int Kills { get; init; }

    /// <summary>File for the report, or null.</summary>
    public string? Report { get; init; }

    /// <summary>End by itself.</summary>
    public bool Exit { get; init; }

    /// <summary>Run without a broker.</summary>
    public bool NoBroker { get; init; }

    /// <summary>Lines to run.</summary>
    public IReadOnlyList<string> Lines { get; init; } = ["line-1", "line-2"];

    /// <summary>Devices on TCP only, also where pseudo-terminals exist.</summary>
    public bool NoSerial { get; init; }

    /// <summary>Raw synced writes beside the line, for comparison.</summary>
    public bool RawWrites { get; init; }

    /// <summary>Formats that may wait in a conveyor's printer, or null for what its profile says.</summary>
    public int? SendAhead { get; init; }

    /// <summary>What the service takes up is watched and has to stay as it is; the journal leaves the ledger as soon as it is sealed.</summary>
    public bool Soak { get; init; }

    /// <summary>Folder on another disk for the second copies of the journals, or null.</summary>
    public string? Mirror { get; init; }

    /// <summary>As fast as it goes.</summary>
    public bool AtFullSpeed => ItemsPerMinute <= 0;
}
