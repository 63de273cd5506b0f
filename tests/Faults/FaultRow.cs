using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EdgeLine.Faults;

/// <summary>
/// One row of the fault matrix, counted by the test that ran it. With <c>EDGELINE_FAULTS_RECORD</c> naming a folder, each
/// writes one line of JSON there; <c>tests/fault-matrix.mjs</c> turns the lines into <c>tests/FAULTS.md</c>. A test that ends
/// early leaves the row as it was then; the test itself is red.
/// </summary>
internal sealed class FaultRow : IDisposable
{
    private static readonly object OneWriter = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly string _row;
    private readonly string _what;
    private readonly string _test;
    private readonly string _seeds;
    private readonly string _tier;
    private int _violations;

    private FaultRow(string row, string what, string seeds, string tier, string test) =>
        (_row, _what, _seeds, _tier, _test) = (row, what, seeds, tier, test);

    /// <summary>How many faults were made.</summary>
    public long Cycles { get; set; }

    /// <summary>Begins a row.</summary>
    /// <param name="row">F1 to F18 for a fault, C1 to C9 for a control that has to go red.</param>
    /// <param name="what">What is done, in words of a reader who knows neither test nor code.</param>
    /// <param name="seeds">The seeds that repeat it, such as <c>1..50</c>; empty where chance has no part.</param>
    /// <param name="full">It runs in the nightly tier only.</param>
    /// <param name="test">The test; filled in by the compiler.</param>
    public static FaultRow Begin(string row, string what, string seeds = "", bool full = false, [CallerMemberName] string test = "") =>
        new(row, what, seeds, full ? "full" : "first", test);

    /// <summary>The promise was broken so many times more. For a control that is what has to be seen.</summary>
    public void Violated(int times = 1) => Interlocked.Add(ref _violations, times);

    /// <summary>Counts the exception of a failed check as a violation and lets it go on.</summary>
    public void Demand(Action check)
    {
        try
        {
            check();
        }
        catch
        {
            Violated();
            throw;
        }
    }

    /// <summary>The same for a check that takes its time.</summary>
    public async Task DemandAsync(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch
        {
            Violated();
            throw;
        }
    }

    /// <summary>Writes the line.</summary>
    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("EDGELINE_FAULTS_RECORD") is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string line = JsonSerializer.Serialize(new
        {
            row = _row,
            what = _what,
            test = _test,
            tier = _tier,
            cycles = Cycles,
            violations = _violations,
            seeds = _seeds,
            seconds = Math.Round(_since.Elapsed.TotalSeconds, 1),
        });
        // One file for each process: several test runs may write at the same time.
        string file = Path.Combine(folder, $"faults-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.jsonl");
        lock (OneWriter)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}
