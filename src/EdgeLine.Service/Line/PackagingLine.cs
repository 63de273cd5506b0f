using System.Diagnostics;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>
/// The line: a deterministic state machine without I/O, clock, threads or randomness. Everything that decides about a
/// code is here. Same events in, same effects out, in production, in the demo and under simulation.
/// </summary>
/// <remarks>
/// Durability is an event: the core emits <see cref="LineEffect.Journal"/> with a ticket and keeps what must follow
/// until <see cref="LineEvent.Committed"/> says that the entries are on disk. Facts about old codes travel with the
/// read; what is still on its way to the disk overrides them.
/// </remarks>
public sealed partial class PackagingLine
{
    private readonly LineSettings _settings;
    private readonly List<LineEffect> _effects = [];
    private readonly List<InFlight> _window = [];
    private readonly List<CodeRef> _inDoubt = [];
    private readonly List<CodeRef> _strays = [];
    private readonly Dictionary<long, Pending> _pending = [];
    private readonly Dictionary<long, CodeState> _underway = [];
    private readonly List<long> _gapItems = [];
    private int _mayBeUnread;
    private readonly AlarmList _alarms = new();
    private readonly LearnedOffset _offset;

    private Moment _now;
    private long _latestKnownMs;
    private long _ticket;
    private Phase _phase = Phase.Idle;
    private string _reason = "no-run";
    private RunOrder? _run;
    private int _verified;
    private bool _suspended;
    private bool _storageLow;
    private bool _exposed;
    private string _ledgerLocked = "";
    private bool _printerReady;
    private string _printerFault = "printer-down";
    private long _printerEpoch;
    private bool _scannerUp;
    private bool _gateUp;
    private bool _rejectAll;
    private int _badInRow;
    private int _lateInRow;
    private int _bucket;
    private int _bareItems;
    private int _nearHeadEvent;
    private CodeRef _lastPassed;
    private long _lastPassedItem;
    private long _noPassThrough;
    private long _lastRepeatMs = long.MinValue / 2;
    private long _runOutUntilMs;
    private bool _endWhenClear;
    private string _endReason = "";
    private bool _stopRequested;
    private long _sinceMs;

    /// <summary>Makes the line as the ledger remembers it.</summary>
    public PackagingLine(LineSettings settings, LineMemory memory)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(memory);
        _settings = settings;
        _offset = new LearnedOffset(settings.Window);
        _gateUp = !settings.Gated;
        _lastRun = memory.LastRun;
        _cleared = memory.Cleared;
        _replaceable = memory.Replaceable;
        _checks = memory.Checks;
        Media = memory.Media;
        _latestKnownMs = memory.LastEntryMs;
        _run = memory.Run;
        _verified = memory.VerifiedInRun;
        _lastPassed = memory.LastVerified;
        foreach ((long item, CodeRef code) in settings.GateReports ? memory.LastPassed : [])
        {
            _passes[item] = code;
        }

        _restored = memory;
        foreach (LeaseTerms terms in memory.Leases)
        {
            _leases.Add(new OpenLease(terms));
        }

        foreach (LeaseTerms terms in memory.ClosedLeases)
        {
            _closedLeases.Add(new OpenLease(terms));
        }
    }

    private readonly LineMemory _restored;

    private enum Phase
    {
        Idle,
        Running,
        RunOut,
        Held,
        Completing,
        Complete,
    }

    /// <summary>PackML state as seen from outside.</summary>
    public PackMlState State => _phase switch
    {
        Phase.Idle => PackMlState.Idle,
        Phase.Running when WhyNotPrinting() is "" => PackMlState.Execute,
        Phase.Running => PackMlState.Suspended,
        Phase.RunOut => PackMlState.Suspended,
        Phase.Held => PackMlState.Held,
        Phase.Completing => PackMlState.Completing,
        // Complete is true when everybody can read it in the journal.
        Phase.Complete when _pending.ContainsKey(_endTicket) => PackMlState.Completing,
        Phase.Complete => PackMlState.Complete,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why the line is in this state; empty while it prints. A pause that cannot be ended before a clearance says so.</summary>
    public string Reason => _phase == Phase.Running ? WhyNotPrinting() : _reason == "paused" && NeedsClearance ? "clearance" : _reason;

    /// <summary>Monotonic milliseconds of the last change of state or reason.</summary>
    public long SinceMs => _sinceMs;

    /// <summary>The run, or null.</summary>
    public RunOrder? Run => _run;

    /// <summary>The run before, also after a restart, or null.</summary>
    public RunOrder? LastRun => _lastRun;

    /// <summary>Labels on their way between printer and scanner.</summary>
    public int InFlightCount => _window.Count + _byHand.Count;

    /// <summary>Most labels that a person may find at clearance.</summary>
    public int ClearanceMax => _window.Count + _byHand.Count + _inDoubt.Count + _strays.Count + _testLabelsOut;

    /// <summary>True when only a clearance lets the line go on.</summary>
    public bool NeedsClearance => _phase == Phase.Held && (_rejectAll || _inDoubt.Count > 0);

    /// <summary>Alarms, most important first.</summary>
    public AlarmList Alarms => _alarms;

    /// <summary>Applies one event and returns what is to be done, in order. The list is valid until the next call.</summary>
    public IReadOnlyList<LineEffect> Apply(Moment now, LineEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        _now = now;
        _alarms.At(TrustedMs);
        _effects.Clear();
        (PackMlState state, string reason) before = (State, Reason);
        Handle(e);
        CheckLeases();
        BeginCheckWhenEmpty();
        PrintFirstArticle();
        PrintWhatFits();
        FeedWhatNothingFollows();
        AskForCodes();
        FinishWhatIsDone();
        if (before != (State, Reason))
        {
            _sinceMs = now.Ms;
        }

        FollowAlarms(e);
        return _effects;
    }

    /// <summary>
    /// Time that never runs back: the latest of wall clock, last journal entry and platform, Unix milliseconds.
    /// </summary>
    private long TrustedMs => Math.Max(_now.WallMs, _latestKnownMs);

    private void Handle(LineEvent e)
    {
        switch (e)
        {
            case LineEvent.Begin: OnBegin(); break;
            case LineEvent.Tick: OnTick(); break;
            case LineEvent.Command c: OnCommand(c); break;
            case LineEvent.CodesSupplied s: OnCodes(s); break;
            case LineEvent.CodesUnavailable u: _supplyTrouble = u.Reason; break;
            case LineEvent.PlatformSaid p: OnPlatform(p); break;
            case LineEvent.PrinterReady r: OnPrinterReady(r.Epoch); break;
            case LineEvent.PrinterFault f: OnPrinterFault(f.Reason); break;
            case LineEvent.SendEnded s: OnSendEnded(s); break;
            case LineEvent.ScannerUp: _scannerUp = true; DevicesBack(); break;
            case LineEvent.ScannerDown: DeviceGone(ref _scannerUp, "scanner-down"); break;
            case LineEvent.GateUp: (_gateUp, _gateUpMs) = (true, _now.Ms); CountAnew(); DevicesBack(); break;
            case LineEvent.GateDown: DeviceGone(ref _gateUp, "gate-down"); break;
            case LineEvent.GateReport g: OnGateReport(g.Item, g.Outcome); break;
            case LineEvent.GateReportsLost g: OnReportsLost(g.Items); break;
            case LineEvent.BinFull b: OnBinFull(b.Full); break;
            case LineEvent.GateSaw g: OnGateSaw(g.Item); break;
            case LineEvent.CountedAlike c: OnCountedAlike(c.Item); break;
            case LineEvent.FrameRead f: OnFrame(f.Item, f.Reads); break;
            case LineEvent.NoRead n: OnNoRead(n.Item); break;
            case LineEvent.TestCodeDrawn t: OnTestCode(t); break;
            case LineEvent.ReworkHeard h: OnReworkHeard(h); break;
            case LineEvent.Committed c: OnCommitted(c.Ticket); break;
            case LineEvent.StorageLow s: _storageLow = s.Low; break;
            case LineEvent.Exposed x: _exposed = _settings.MaxUnconfirmed > 0 && x.Codes >= _settings.MaxUnconfirmed; break;
            case LineEvent.OutsideAlarm a: _alarms.Follow(a.Key, a.Active, TrustedMs); break;
            case LineEvent.LedgerLocked l: _ledgerLocked = _ledgerLocked.Length > 0 ? _ledgerLocked : l.Reason; break;
            default: throw new UnreachableException($"Unknown event {e.GetType().Name}.");
        }
    }

    // Every entry goes through here: what is on its way to the disk is known to the next read at once.
    private void Journal(IReadOnlyList<LineEntry> entries, Pending? then = null)
    {
        long ticket = ++_ticket;
        foreach (LineEntry entry in entries)
        {
            if (entry.MovesCode)
            {
                _underway[entry.Code.Id] = entry.To;
                ForgetUntold(entry.Code);
                if (entry.From == CodeState.Verified)
                {
                    ForgetPass(entry.Code.Id);
                    TakeBackUncounted(entry.Code.Id);
                }
            }
        }

        _pending[ticket] = (then ?? Pending.Nothing) with { Entries = entries };
        _latestKnownMs = TrustedMs;
        _effects.Add(new LineEffect.Journal(ticket, entries));
    }

    private void Journal(LineEntry entry, Pending? then = null) => Journal([entry], then);

    private LineEntry Entry(JournalKind kind, string reason = "", long item = 0, long count = 0, string who = "", string detail = "") =>
        new(kind, reason) { RunId = _run?.RunId ?? "", Item = item, Count = count, Who = who, Detail = detail };

    private LineEntry Move(
        CodeRef code, CodeState from, JournalKind kind, string reason = "", long item = 0, string who = "", long count = 0, string detail = "") =>
        Entry(kind, reason, item, count, who, detail) with { Code = code, From = from };

    private void OnCommitted(long ticket)
    {
        if (!_pending.Remove(ticket, out Pending? done))
        {
            throw new UnreachableException($"Ticket {ticket} was never given out.");
        }

        foreach (LineEntry entry in done.Entries)
        {
            if (entry.MovesCode && _underway.TryGetValue(entry.Code.Id, out CodeState to) && to == entry.To)
            {
                _underway.Remove(entry.Code.Id);
            }
        }

        switch (done)
        {
            case Pending.Print p: OnPrintCommitted(p); break;
            case Pending.Pass p: OnPassCommitted(ticket, p); break;
            case Pending.TestPass t: OnTestPassCommitted(ticket, t); break;
            case Pending.TestLabel t: OnTestLabelCommitted(t.Code); break;
            case Pending.Told t: OnAnswerOnDisk(ticket, t.Code); break;
            default: break;
        }
    }

    private abstract record Pending
    {
        public static Pending Nothing { get; } = new None();

        public IReadOnlyList<LineEntry> Entries { get; init; } = [];

        public sealed record None : Pending;

        public sealed record Print(InFlight Label) : Pending;

        public abstract record ItemPass(long Item, CodeRef Code, long DueMs) : Pending;

        public sealed record Pass(long Item, CodeRef Code, long DueMs) : ItemPass(Item, Code, DueMs);

        public sealed record TestPass(long Item, CodeRef Code, long DueMs) : ItemPass(Item, Code, DueMs);

        public sealed record TestLabel(CodeRef Code) : Pending;

        public sealed record Told(CodeRef Code) : Pending;
    }
}
