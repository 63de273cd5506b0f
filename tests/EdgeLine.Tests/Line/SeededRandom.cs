namespace EdgeLine.Tests.Line;

/// <summary>splitmix64: the same numbers from the same seed on every machine and every version of .NET.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>True in so many of a million cases.</summary>
    public bool Chance(int inAMillion) => Below(1_000_000) < inAMillion;

    /// <summary>The same for what may be planned or not: what is not planned draws no number.</summary>
    public bool Planned(int inAMillion) => inAMillion > 0 && Chance(inAMillion);
}
