using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// One day after the other, each from its own seed, until the seeds or the time are used up. Says how far it is, and ends
/// a red day with the line that repeats it.
/// </summary>
internal sealed class FaultDays(TextWriter output, TimeProvider time, bool trace)
{
    /// <summary>What is wrong with the build; nothing, except to see that it is found.</summary>
    public Mutation Mutation { get; init; }

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly IncrementalHash _digests = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _began = time.GetTimestamp();
    private long _days;
    private long _red;
    private long _labels;
    private long _left;
    private long _cuts;
    private long _kills;
    private long _failures;
    private long _simulatedMs;
    private int _inDoubt;

    /// <summary>Runs the days; the exit code is 0, or 3 when a promise was broken.</summary>
    /// <param name="first">First seed.</param>
    /// <param name="last">Last seed.</param>
    /// <param name="labels">Items of each day.</param>
    /// <param name="limit">No day begins after this time.</param>
    /// <param name="stop">Ends it after the day in hand.</param>
    public int Run(ulong first, ulong last, int labels, TimeSpan limit, CancellationToken stop)
    {
        TimeSpan said = TimeSpan.Zero;
        ulong seed = first;
        for (; seed <= last && Elapsed < limit && !stop.IsCancellationRequested; seed++)
        {
            RunDay(seed, labels);
            if (Elapsed - said > SayEvery)
            {
                said = Elapsed;
                Say(seed, first);
            }
        }

        if (_days > 0)
        {
            Say(seed - 1, first);
            output.WriteLine($"digest {Convert.ToHexStringLower(_digests.GetCurrentHash()[..8])}");
        }

        return _red > 0 ? 3 : 0;
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    private void RunDay(ulong seed, int labels)
    {
        using var day = new FaultDay(new FaultPlanOfDay { Seed = seed, Target = labels, Mutation = Mutation }, trace ? output : null);
        day.Run();
        _days++;
        _digests.AppendData(Encoding.ASCII.GetBytes(day.Oracle.Digest));
        (_labels, _left, _simulatedMs) = (_labels + day.Oracle.Labels, _left + day.Oracle.Gone, _simulatedMs + day.SimulatedMs);
        (_cuts, _kills, _failures) = (_cuts + day.PowerCuts, _kills + day.Kills, _failures + day.DiskFailures);
        _inDoubt = Math.Max(_inDoubt, day.MostInDoubt);
        if (day.Oracle.Violations.Count == 0)
        {
            return;
        }

        _red++;
        foreach (string violation in day.Oracle.Violations)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {violation}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"again:  edgeline-sim faults --seeds {seed}..{seed} --labels {labels}"));
    }

    private void Say(ulong seed, ulong first) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"seeds {first}..{seed}: {_days} days, {_simulatedMs / 3_600_000.0:0.0} h in {Elapsed.TotalSeconds:0} s, {_labels} labels, {_left} items left, "
        + $"{_cuts} power cuts, {_kills} kills, {_failures} disk failures, at most {_inDoubt} codes in doubt at once, {_red} red"));
}
