namespace EdgeLine.Simulator.Faults;

/// <summary>How often what goes wrong. Zero is never.</summary>
internal sealed record FaultMix
{
    /// <summary>In a million belt steps of 100 ms: the line PC loses its power, now or in the middle of a write or sync.</summary>
    public int PowerCut { get; init; }

    /// <summary>In a million belt steps: the service is killed.</summary>
    public int Kill { get; init; }

    /// <summary>In a million belt steps: one of the next writes or syncs fails.</summary>
    public int DiskFails { get; init; }

    /// <summary>In a million belt steps: the disk is full for some seconds.</summary>
    public int DiskFull { get; init; }

    /// <summary>In a million transactions: one takes up to three times what a verdict may.</summary>
    public int SlowDisk { get; init; }

    /// <summary>In a million belt steps: media out, with what the printer has in memory kept.</summary>
    public int PrinterFault { get; init; }

    /// <summary>In a million belt steps: the printer loses its power and its memory.</summary>
    public int PrinterPower { get; init; }

    /// <summary>In a million labels: nobody knows how far the sending came, or not one byte left.</summary>
    public int SendFails { get; init; }

    /// <summary>In a million belt steps: scanner and gate are away for some seconds.</summary>
    public int TrackDown { get; init; }

    /// <summary>In a million belt steps: the platform cannot be reached for up to 20 s.</summary>
    public int NetworkDown { get; init; }

    /// <summary>In a million belt steps: the platform itself loses its power and starts again.</summary>
    public int PlatformCut { get; init; }

    /// <summary>In a million belt steps: the line PC's clock is set, up to three hours wrong.</summary>
    public int ClockStep { get; init; }

    /// <summary>In a million requests: each of lost, answer lost, sent twice, answered with an error page, answer cut short, slow.</summary>
    public int Network { get; init; }

    /// <summary>In a million items.</summary>
    public int Unlabelled { get; init; }

    /// <summary>In a million items.</summary>
    public int NoRead { get; init; }

    /// <summary>In a million items.</summary>
    public int SwappedPair { get; init; }

    /// <summary>In a million labels: two on one item.</summary>
    public int DoubleFeed { get; init; }

    /// <summary>In a million labels: a second copy turns up on a later item.</summary>
    public int LateTwin { get; init; }

    /// <summary>In a million items: a label of nobody's.</summary>
    public int ForeignLabel { get; init; }

    /// <summary>In a million reads: the scanner sees the carton's own code as well.</summary>
    public int CartonCode { get; init; }

    /// <summary>In a million belt steps: a rejected item is shown at the rework table.</summary>
    public int Rework { get; init; }

    /// <summary>In a million belt steps: whoever waits for an answer at the rework table scans once more.</summary>
    public int Impatience { get; init; }

    /// <summary>What a poor line on a poor PC meets. Each seed has some of it, and some of it not at all.</summary>
    public static FaultMix Of(SeededRandom random)
    {
        int Some(int most) => random.Below(3) == 0 ? 0 : 1 + random.Below(most);
        return new FaultMix
        {
            PowerCut = Some(15_000),
            Kill = Some(10_000),
            DiskFails = Some(8_000),
            DiskFull = Some(4_000),
            SlowDisk = Some(20_000),
            PrinterFault = Some(8_000),
            PrinterPower = Some(5_000),
            SendFails = Some(10_000),
            TrackDown = Some(6_000),
            NetworkDown = Some(8_000),
            PlatformCut = Some(5_000),
            ClockStep = Some(3_000),
            Network = Some(30_000),
            Unlabelled = Some(30_000),
            NoRead = Some(20_000),
            SwappedPair = Some(10_000),
            DoubleFeed = Some(5_000),
            LateTwin = Some(5_000),
            ForeignLabel = Some(3_000),
            CartonCode = Some(100_000),
            Rework = Some(100_000),
            Impatience = 50_000,
        };
    }
}
