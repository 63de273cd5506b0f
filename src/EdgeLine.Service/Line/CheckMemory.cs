namespace EdgeLine.Service.Line;

/// <summary>What the journal says about the checks of a line's scanner.</summary>
public sealed record CheckMemory
{
    /// <summary>When the last one was passed, Unix milliseconds; 0 for never.</summary>
    public long GoodMs { get; init; }

    /// <summary>Codes that the line's scanner verified since then.</summary>
    public long VerifiedSince { get; init; }

    /// <summary>The last one failed, and none was passed since.</summary>
    public bool Failed { get; init; }

    /// <summary>Codes that the failed one made suspect.</summary>
    public long Suspects { get; init; }

    /// <summary>One was passed since the last run ended.</summary>
    public bool SinceRun { get; init; }

    /// <summary>Since when a fault of scanner or gate calls for one, Unix milliseconds; 0 for no.</summary>
    public long WantedMs { get; init; }

    /// <summary>After a good check.</summary>
    public CheckMemory Passed(long unixMs) => new() { GoodMs = unixMs, SinceRun = true };

    /// <summary>After an entry of kind ScannerCheck.</summary>
    public CheckMemory With(string reason, long unixMs, long count) => reason switch
    {
        "passed" => Passed(unixMs),
        "failed" => this with { Failed = true, Suspects = count, SinceRun = false },
        "wanted" => this with { WantedMs = unixMs },
        _ => this,
    };
}
