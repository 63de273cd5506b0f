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

/// <summary>
/// The alarms of a line that are not normal, with their life after ISA-18.2: unacknowledged, acknowledged, returned but
/// not acknowledged, shelved for a time. One cause, one alarm: raising it again changes nothing.
/// </summary>
public sealed class AlarmList
{
    /// <summary>Longest time for which an alarm may be put aside, milliseconds: one shift.</summary>
    public const long ShelvedMaxMs = 8 * 3_600_000L;

    private readonly List<Alarm> _alarms = [];
    private readonly HashSet<string> _outside = [];
    private long _nowMs;

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Alarms that are not normal, worst first, then oldest first.</summary>
    public IReadOnlyList<AlarmSnapshot> Active =>
        [.. _alarms.OrderBy(a => a.Severity).ThenBy(a => a.RaisedMs).Select(a => a.Picture())];

    /// <summary>Time passes: an alarm whose shelf time is over comes back by itself.</summary>
    public void At(long unixMs)
    {
        _nowMs = unixMs;
        for (int i = _alarms.Count - 1; i >= 0; i--)
        {
            if (_alarms[i].ShelvedUntilMs is > 0 and long until && until <= unixMs)
            {
                TakeFromShelf(_alarms[i]);
            }
        }
    }

    /// <summary>Raises an alarm. While it is active only a worse severity changes it; after it returned it is a new one.</summary>
    public void Raise(string key, AlarmSeverity severity, long unixMs, params (string Name, string Value)[] args)
    {
        Alarm? alarm = Find(key);
        if (alarm is { Present: true } && alarm.Severity <= severity)
        {
            return;
        }

        Version++;
        if (alarm is null)
        {
            _alarms.Add(alarm = new Alarm(key));
        }

        if (!alarm.Present)
        {
            (alarm.RaisedMs, alarm.ClearedMs) = (unixMs, 0);
        }

        // Worse than what somebody has seen: it has to be seen again.
        (alarm.Present, alarm.Severity, alarm.AckedBy) = (true, severity, "");
        alarm.Args = args.ToDictionary(a => a.Name, a => a.Value);
    }

    /// <summary>Something that was over as soon as it happened: it stays until somebody has seen it.</summary>
    public void Note(string key, AlarmSeverity severity, long unixMs, params (string Name, string Value)[] args)
    {
        Raise(key, severity, unixMs, args);
        Alarm alarm = Find(key)!;
        (alarm.Present, alarm.ClearedMs) = (false, unixMs);
    }

    /// <summary>
    /// The cause is gone. What was seen goes away, and so does what nobody had to act on; the rest waits as returned
    /// until somebody has seen it.
    /// </summary>
    public void Clear(string key)
    {
        if (_outside.Contains(key) || Find(key) is not { Present: true } alarm)
        {
            return;
        }

        Version++;
        (alarm.Present, alarm.ClearedMs) = (false, _nowMs);
        ForgetIfNormal(alarm);
    }

    /// <summary>Raises or clears the alarm of an outside condition.</summary>
    public void Follow(string key, bool active, long unixMs)
    {
        if (active)
        {
            _outside.Add(key);
            Raise(key, PackagingLine.SeverityOf(key), unixMs);
        }
        else if (_outside.Remove(key))
        {
            Clear(key);
        }
    }

    /// <summary>Marks an alarm as seen; false when there is none.</summary>
    public bool Acknowledge(string key, string who)
    {
        if (Find(key) is not { } alarm)
        {
            return false;
        }

        Version++;
        alarm.AckedBy = who.Length > 0 ? who : "?";
        ForgetIfNormal(alarm);
        return true;
    }

    /// <summary>Puts an alarm aside until a time; empty, or why not.</summary>
    public string Shelve(string key, long untilMs)
    {
        if (Find(key) is not { } alarm)
        {
            return "no-such-alarm";
        }

        if (untilMs <= _nowMs || untilMs - _nowMs > ShelvedMaxMs)
        {
            return "shelved-too-long";
        }

        Version++;
        alarm.ShelvedUntilMs = untilMs;
        return "";
    }

    /// <summary>Takes an alarm from the shelf before its time; false when it is not on it.</summary>
    public bool Unshelve(string key)
    {
        if (Find(key) is not { ShelvedUntilMs: > 0 } alarm)
        {
            return false;
        }

        TakeFromShelf(alarm);
        return true;
    }

    /// <summary>Whether the cause of an alarm is there now.</summary>
    public bool IsPresent(string key) => Find(key) is { Present: true };

    /// <summary>Whether an alarm is not normal: present, or nobody has seen it yet.</summary>
    public bool Has(string key) => Find(key) is not null;

    // What is still there is as new: who comes back to it has to look at it again.
    private void TakeFromShelf(Alarm alarm)
    {
        Version++;
        (alarm.ShelvedUntilMs, alarm.AckedBy) = (0, "");
        if (!alarm.Present)
        {
            _alarms.Remove(alarm);
        }
    }

    private void ForgetIfNormal(Alarm alarm)
    {
        bool goesByItself = alarm.AckedBy.Length > 0 || alarm.Severity >= AlarmSeverity.Medium;
        if (!alarm.Present && goesByItself && alarm.ShelvedUntilMs == 0)
        {
            _alarms.Remove(alarm);
        }
    }

    private Alarm? Find(string key) => _alarms.Find(a => a.Key == key);

    private sealed class Alarm(string key)
    {
        public string Key { get; } = key;

        public AlarmSeverity Severity { get; set; } = AlarmSeverity.Low;

        public bool Present { get; set; }

        public long RaisedMs { get; set; }

        public long ClearedMs { get; set; }

        public long ShelvedUntilMs { get; set; }

        public string AckedBy { get; set; } = "";

        public IReadOnlyDictionary<string, string> Args { get; set; } = new Dictionary<string, string>();

        public AlarmSnapshot Picture() => new(Key, Severity.ToString().ToLowerInvariant(), RaisedMs, AckedBy.Length > 0, Args)
        {
            State = ShelvedUntilMs > 0 ? "shelved" : !Present ? "rtn_unack" : AckedBy.Length > 0 ? "acked" : "unack",
            ClearedUnixMs = ClearedMs,
            AckedBy = AckedBy,
            ShelvedUntilUnixMs = ShelvedUntilMs,
        };
    }
}
