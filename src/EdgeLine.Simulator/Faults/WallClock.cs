namespace EdgeLine.Simulator.Faults;

/// <summary>The clock on the wall of one simulated PC, which people and batteries set.</summary>
internal sealed class WallClock
{
    /// <summary>By how much it is ahead of the world; negative when it is behind.</summary>
    public TimeSpan Ahead { get; private set; }

    /// <summary>The most that it was ahead; entries may bear that time.</summary>
    public TimeSpan Most { get; private set; }

    /// <summary>Sets it.</summary>
    public void Set(TimeSpan ahead)
    {
        Ahead = ahead;
        Most = ahead > Most ? ahead : Most;
    }
}
