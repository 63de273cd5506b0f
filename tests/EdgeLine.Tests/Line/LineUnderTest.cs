using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// The only place where a test builds a core. Every parameter defaults to a healthy conveyor with a run that has codes;
/// what a test sets is what it is about. Time stands still unless a test moves it; tickets are committed at once unless
/// <see cref="AutoCommit"/> is off.
/// </summary>
internal sealed class LineUnderTest
{
    private readonly Queue<LineEffect.Journal> _uncommitted = new();
    private readonly Dictionary<long, string> _answers = [];
    private long _commandId;
    private long _testCodes;
    private long _scans;

    public LineUnderTest(
        Station station = Station.Conveyor, int sendAhead = 1, int labelsToScanner = 2, int target = 100, bool started = true,
        int badReadsInRow = 3, int badReadBucket = 5, int mayVerify = 1000, int codes = 1100, long leaseLastsMs = 7 * 24 * 3_600_000L,
        bool autoCommit = true, bool autoSupply = true, VirtualLedger? ledger = null,
        bool checkAtRunStart = false, long checkEveryMs = 0, bool firstArticle = false, bool reprintOffByHand = false,
        bool gateReports = false, bool gateCounts = false, bool gateOnWeb = false, int minPitchMs = 0, int maxUnconfirmed = 0)
    {
        Settings = new LineSettings
        {
            Station = station,
            SendAhead = sendAhead,
            LabelsToScanner = labelsToScanner,
            BadReadsInRow = badReadsInRow,
            BadReadBucket = badReadBucket,
            CheckAtRunStart = checkAtRunStart,
            CheckEveryMs = checkEveryMs,
            FirstArticle = firstArticle,
            ReprintOffByHand = reprintOffByHand,
            GateReports = gateReports,
            GateCounts = gateCounts,
            GateOnWeb = gateOnWeb,
            MinPitchMs = minPitchMs,
            MaxUnconfirmed = maxUnconfirmed,
        };
        Ledger = ledger ?? new VirtualLedger();
        AutoSupply = autoSupply;
        Core = new PackagingLine(Settings, Ledger.Memory());
        Apply(new LineEvent.Begin());
        if (codes > 0)
        {
            Ledger.Lend("order-1", mayVerify, codes, Now.WallMs + leaseLastsMs);
        }

        DevicesUp();
        if (started)
        {
            Assert.Equal("", Start(Some.Order(target)));
        }

        AutoCommit = autoCommit;
    }

    public LineSettings Settings { get; }

    public VirtualLedger Ledger { get; private set; }

    public PackagingLine Core { get; private set; }

    public Moment Now { get; set; } = new(1000, Some.WallMs);

    public bool AutoCommit { get; set; } = true;

    public bool AutoSupply { get; set; }

    public List<LineEffect> Effects { get; } = [];

    public IEnumerable<CodeRef> Sent => Effects.OfType<LineEffect.Send>().Select(s => s.Code);

    public IEnumerable<LineEffect.Verdict> Verdicts => Effects.OfType<LineEffect.Verdict>();

    public int Waiting => _uncommitted.Count;

    public long LastItem { get; private set; }

    public string StateText => $"{Core.State} {Core.Reason}".TrimEnd();

    /// <summary>The n-th code of the ledger, from 1.</summary>
    public CodeRef Code(int n) => Ledger.Codes[n - 1].Code;

    public CodeState StateOf(int n) => Ledger.Codes[n - 1].State;

    public IReadOnlyList<CodeState> States(int from, int through) => [.. Enumerable.Range(from, through - from + 1).Select(StateOf)];

    public void Apply(LineEvent e)
    {
        // The list of effects is reused by the core: what follows from an effect is done afterwards.
        LineEffect[] effects = [.. Core.Apply(Now, e)];
        Effects.AddRange(effects);
        foreach (LineEffect effect in effects)
        {
            switch (effect)
            {
                case LineEffect.Journal journal: _uncommitted.Enqueue(journal); break;
                case LineEffect.Answer answer: _answers[answer.Id] = answer.Refused; break;
                case LineEffect.AskTestCode: Apply(new LineEvent.TestCodeDrawn(Some.Code(++_testCodes, CertificateCode.TestPool))); break;
                case LineEffect.AskCodes ask when AutoSupply: Supply(ask); break;
                default: break;
            }
        }

        while (AutoCommit && _uncommitted.Count > 0)
        {
            CommitNext();
        }
    }

    public void Supply(LineEffect.AskCodes ask)
    {
        LineEvent.CodesSupplied codes = Ledger.Supply(Core.Run!.OrderId, ask.AfterId, ask.Count);
        Apply(codes.Codes.Count > 0 ? codes : new LineEvent.CodesUnavailable("no-codes"));
    }

    public void CommitNext()
    {
        LineEffect.Journal journal = _uncommitted.Dequeue();
        foreach (LineEntry entry in journal.Entries)
        {
            Ledger.Write(entry, Now.WallMs);
        }

        Apply(new LineEvent.Committed(journal.Ticket));
    }

    public void CommitAll()
    {
        while (_uncommitted.Count > 0)
        {
            CommitNext();
        }
    }

    public void Advance(long ms)
    {
        Now = new Moment(Now.Ms + ms, Now.WallMs + ms);
        Apply(new LineEvent.Tick());
    }

    public void DevicesUp()
    {
        Apply(new LineEvent.ScannerUp());
        if (Settings.Gated)
        {
            Apply(new LineEvent.GateUp());
        }

        Apply(new LineEvent.PrinterReady(1));
    }

    /// <summary>The scanner reads these codes of the ledger at the next item; returns the verdict given so far, or null.</summary>
    public LineEffect.Verdict? Read(params int[] codes) =>
        Frame([.. codes.Select(c => Ledger.ReadOf(Code(c).Code, (Core.Run ?? Core.LastRun)?.RunId))]);

    public LineEffect.Verdict? ReadForeign() => Frame(Ledger.ReadOf(Some.ForeignCode(), null));

    public LineEffect.Verdict? Frame(params CodeRead[] reads) => FrameAt(++LastItem, reads);

    public LineEffect.Verdict? FrameAt(long item, params CodeRead[] reads)
    {
        Apply(new LineEvent.FrameRead(item, reads));
        return VerdictOf(item);
    }

    public LineEffect.Verdict? NoRead()
    {
        Apply(new LineEvent.NoRead(++LastItem));
        return VerdictOf(LastItem);
    }

    public LineEffect.Verdict? VerdictOf(long item) => Verdicts.LastOrDefault(v => v.Item == item);

    public bool Passed(int code) => Verdicts.Any(v => v.Pass && v.CodeTail == Code(code).Tail);

    public string Start(RunOrder order) => Ask(id => new LineEvent.Start(id, "Li", order));

    public string Pause() => Ask(id => new LineEvent.Pause(id, "Li"));

    public string Resume() => Ask(id => new LineEvent.Resume(id, "Li"));

    public string End() => Ask(id => new LineEvent.End(id, "Li"));

    public string Clear(int found, bool supervisor = false, string why = "cleared") =>
        Ask(id => new LineEvent.ClearanceDone(id, "Li", found, why, supervisor));

    public string Void(int code, string reason = "label-destroyed", bool supervisor = false) =>
        Ask(id => new LineEvent.VoidAsked(id, "Li", ReadOf(code), reason, supervisor));

    public string Sample(int code) => Ask(id => new LineEvent.SampleAsked(id, "Chen", ReadOf(code), "retained"));

    public string Replace() => Ask(id => new LineEvent.ReplacementAsked(id, "Wang"));

    public LineEffect.Verdict? ReadTest(CertificateCode code) => Frame(TestRead(code));

    public static CodeRead TestRead(CertificateCode code) => new(ReadKind.Test, new CodeRef(0, code), default, false);

    public ReworkCard Rework(int code, bool typed = false) => Rework(ReadOf(code), typed);

    public ReworkCard Rework(CodeRead read, bool typed = false)
    {
        Scan(read, typed);
        return Effects.OfType<LineEffect.Tell>().Last().Card;
    }

    /// <summary>A label is heard at the table and what the ledger knows of it has arrived; its answer may have to wait for the disk.</summary>
    public string Scan(CodeRead read, bool typed = false)
    {
        Apply(new LineEvent.ReworkHeard(++_scans, ""));
        return Ask(id => new LineEvent.ReworkRead(id, _scans, "Wang", read, typed));
    }

    public string Ask(Func<long, LineEvent.Command> make)
    {
        long id = ++_commandId;
        Apply(make(id));
        return _answers[id];
    }

    public CodeRead ReadOf(int code) => Ledger.ReadOf(Code(code).Code, (Core.Run ?? Core.LastRun)?.RunId);

    /// <summary>The process dies: what was not committed is lost, a new core begins with what the ledger has.</summary>
    public void Crash(int committedBeforeIt = 0)
    {
        for (int i = 0; i < committedBeforeIt; i++)
        {
            foreach (LineEntry entry in _uncommitted.Dequeue().Entries)
            {
                Ledger.Write(entry, Now.WallMs);
            }
        }

        _uncommitted.Clear();
        Effects.Clear();
        Core = new PackagingLine(Settings, Ledger.Memory());
        Apply(new LineEvent.Begin());
    }

    public bool HasAlarm(string key) => Core.Alarms.Active.Any(a => a.Key == key);

    public IEnumerable<LineEntry> Entries(JournalKind kind) => Ledger.Entries.Where(e => e.Kind == kind);
}
