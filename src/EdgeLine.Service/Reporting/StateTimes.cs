using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// PackML time in state: seconds in each mode and state since the run began or the service started. The present state
/// counts only when it is over: its time is the reader's clock less <c>since</c>, and nothing has to be told each second.
/// </summary>
public sealed class StateTimes
{
    private readonly SortedDictionary<string, SortedDictionary<string, long>> _ms = new(StringComparer.Ordinal);
    private (string Mode, PackMlState State)? _present;
    private string _run = "";
    private long _sinceMs;

    /// <summary>When the times were set to 0, Unix milliseconds.</summary>
    public long ResetUnixMs { get; private set; }

    /// <summary>Seconds of finished stays, by mode and state name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Seconds => _ms.ToDictionary(
        mode => mode.Key, mode => (IReadOnlyDictionary<string, long>)mode.Value.ToDictionary(s => s.Key, s => s.Value / 1000));

    /// <summary>Seconds of all finished stays together.</summary>
    public long AccumulatedSeconds => _ms.Values.Sum(mode => mode.Values.Sum()) / 1000;

    /// <summary>Takes over how the line is.</summary>
    /// <param name="run">The run; a new one sets all times to 0.</param>
    /// <param name="mode">PackML mode.</param>
    /// <param name="state">PackML state.</param>
    /// <param name="nowMs">Monotonic milliseconds.</param>
    /// <param name="unixMs">Wall clock.</param>
    public void Follow(string run, string mode, PackMlState state, long nowMs, long unixMs)
    {
        if (_present is { } before && before != (mode, state))
        {
            if (!_ms.TryGetValue(before.Mode, out SortedDictionary<string, long>? states))
            {
                _ms[before.Mode] = states = new SortedDictionary<string, long>(StringComparer.Ordinal);
            }

            string name = before.State.ToString();
            states[name] = states.GetValueOrDefault(name) + nowMs - _sinceMs;
        }

        if (_present is null || (run.Length > 0 && run != _run))
        {
            _ms.Clear();
            ResetUnixMs = unixMs;
        }

        if (_present != (mode, state))
        {
            _sinceMs = nowMs;
        }

        _run = run.Length > 0 ? run : _run;
        _present = (mode, state);
    }
}
