namespace EdgeLine.Service.Line;

/// <summary>How bad an alarm is, worst first.</summary>
public enum AlarmSeverity
{
    /// <summary>Codes or people are at risk; the line stands.</summary>
    Critical,

    /// <summary>The line stands or soon will.</summary>
    High,

    /// <summary>Look at it this shift.</summary>
    Medium,

    /// <summary>Good to know.</summary>
    Low,
}

/// <summary>The active alarms of a line. One cause, one alarm: raising it again changes nothing.</summary>
public sealed class AlarmList
{
    private readonly List<AlarmSnapshot> _active = [];
    private string _stateAlarm = "";

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Active alarms, worst first, then oldest first.</summary>
    public IReadOnlyList<AlarmSnapshot> Active =>
        [.. _active.OrderBy(a => Enum.Parse<AlarmSeverity>(a.Severity, ignoreCase: true)).ThenBy(a => a.RaisedUnixMs)];

    /// <summary>Raises an alarm unless it is active.</summary>
    public void Raise(string key, AlarmSeverity severity, long unixMs, params (string Name, string Value)[] args)
    {
        if (!_active.Exists(a => a.Key == key))
        {
            Version++;
            _active.Add(new AlarmSnapshot(
                key, severity.ToString().ToLowerInvariant(), unixMs, false, args.ToDictionary(a => a.Name, a => a.Value)));
        }
    }

    /// <summary>Takes an alarm away.</summary>
    public void Clear(string key) => Version += _active.RemoveAll(a => a.Key == key);

    /// <summary>Raises or clears the alarm of an outside condition.</summary>
    public void Follow(string key, bool active, long unixMs)
    {
        if (active)
        {
            Raise(key, key == "account-remainder" ? AlarmSeverity.Critical : key == "platform-refused" ? AlarmSeverity.High : AlarmSeverity.Low, unixMs);
        }
        else
        {
            Clear(key);
        }
    }

    /// <summary>Marks an alarm as seen; false when it is not active. A seen diagnostic goes away.</summary>
    public bool Acknowledge(string key)
    {
        int at = _active.FindIndex(a => a.Key == key);
        if (at < 0)
        {
            return false;
        }

        Version++;
        if (key is "slip" or "verdict-late")
        {
            _active.RemoveAt(at);
        }
        else
        {
            _active[at] = _active[at] with { Acknowledged = true };
        }

        return true;
    }

    /// <summary>Keeps exactly one alarm for the reason that the line stands for.</summary>
    public void Follow(PackMlState state, string reason, long unixMs)
    {
        string wanted = state is PackMlState.Held or PackMlState.Suspended && reason is not ("paused" or "run-out") ? reason : "";
        if (wanted == _stateAlarm)
        {
            return;
        }

        if (_stateAlarm.Length > 0)
        {
            Clear(_stateAlarm);
        }

        _stateAlarm = wanted;
        if (wanted.Length > 0)
        {
            AlarmSeverity severity = wanted is "duplicate" or "foreign" or "voided-label-alive" or "repeated-read" or "clock-set-back"
                ? AlarmSeverity.Critical
                : AlarmSeverity.High;
            Raise(wanted, severity, unixMs);
        }
    }
}
