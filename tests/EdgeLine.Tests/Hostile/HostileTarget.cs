using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeLine.Faults;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>A reader of bytes from outside, and what it owes to whoever sends them.</summary>
internal sealed class HostileTarget
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Inputs of the first tier.</summary>
    public const int FirstCount = 200_000;

    /// <summary>Name in results and replay lines.</summary>
    public required string Name { get; init; }

    /// <summary>Good inputs.</summary>
    public required IReadOnlyList<byte[]> Corpus { get; init; }

    /// <summary>Pieces that inputs are made of.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>
    /// Reads one input, to the end or to its declared error, and says whether anything was taken. Whatever it throws is a
    /// finding, and so is each broken <see cref="Demand"/>.
    /// </summary>
    public required Func<byte[], SeededRandom, bool> Read { get; init; }

    /// <summary>Bytes that may be allocated for one input and all its readers, whatever the input says about lengths.</summary>
    public long MemoryMax { get; init; } = 1 << 20;

    /// <summary>False where it ends on other threads: then its memory is not measured here.</summary>
    public bool OneThread { get; init; } = true;

    /// <summary>One input is sent again, or none of this target: what is said of all of them does not count.</summary>
    public static bool IsReplay => Replay is { Length: > 0 };

    private static string? Replay => Environment.GetEnvironmentVariable("EDGELINE_HOSTILE");

    /// <summary>Throws when something does not hold.</summary>
    public static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException(what);
        }
    }

    /// <summary>Inputs of the nightly tier; fewer where one takes its time.</summary>
    public int FullCount { get; init; } = 2_000_000;

    /// <summary>The inputs that every change has to pass.</summary>
    public Task FirstAsync([CallerMemberName] string test = "") => Task.Run(() => Run(1, FirstCount, full: false, test));

    /// <summary>Those of the nightly tier.</summary>
    public Task FullAsync([CallerMemberName] string test = "") => Task.Run(() => Run(10_000_000, FullCount, full: true, test));

    /// <summary>
    /// Sends so many inputs, each from a seed of its own. <c>EDGELINE_HOSTILE=NAME:SEED</c> sends that one only.
    /// </summary>
    private void Run(ulong seed, int count, bool full, string test)
    {
        using FaultRow row = FaultRow.Begin("F17", $"{Name}: bytes changed, cut, joined", $"{seed}..{seed + (ulong)count - 1}", full, test);
        var mutator = new ByteMutator(Corpus, [.. Words.Select(System.Text.Encoding.Latin1.GetBytes)]);
        if (Replay is { Length: > 0 } replay)
        {
            (seed, count) = replay.Split(':') is [var name, var one] && name == Name ? (ulong.Parse(one, CultureInfo.InvariantCulture), 1) : (seed, 0);
        }

        // What is built once by the first use is nobody's input.
        foreach (byte[] good in Corpus)
        {
            Read(good, new SeededRandom(seed));
        }

        int taken = 0;
        for (int n = 0; n < count; n++, row.Cycles++)
        {
            var random = new SeededRandom(seed + (ulong)n);
            byte[] input = mutator.Next(random.Below);
            long before = GC.GetAllocatedBytesForCurrentThread(), began = TimeProvider.System.GetTimestamp();
            try
            {
                taken += Read(input, random) ? 1 : 0;
                TimeSpan took = TimeProvider.System.GetElapsedTime(began);
                Demand(took < Longest, $"it took {took}, a busy PC included at most {Longest} may be needed");
                long used = GC.GetAllocatedBytesForCurrentThread() - before;
                Demand(!OneThread || used <= MemoryMax, $"it took {used} bytes of memory, at most {MemoryMax} may be needed");
            }
            catch (Exception e)
            {
                row.Violated();
                throw new InvalidDataException(
                    $"{Name}: {e.GetType().Name}: {e.Message}\nagain: EDGELINE_HOSTILE={Name}:{seed + (ulong)n} dotnet test tests/EdgeLine.Tests -c Release "
                    + $"--filter FullyQualifiedName~Hostile\ninput: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 600)))}\n{e.StackTrace}", e);
            }
        }

        // A barrage that nothing or everything survives tests one line of the reader.
        Assert.True(count <= 1 || (taken > count / 1000 && taken < count), $"{Name}: {taken} of {count} were taken");
    }
}
