using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Faults.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// One life of the service's program for one line: the real ledger, loop, supply and upload, from a start to its kill. Its
/// ledger has its turn when the simulated disk is due.
/// </summary>
internal sealed class SimulatedService : IDisposable
{
    public const string LineId = "line-1";

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(10);

    private readonly VirtualClock _clock;
    private readonly FaultOracle _oracle;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedPlatform _platform;
    private readonly Mutation _mutation;
    private readonly ProcessLoop _loop = new();
    private readonly LineLedger _ledger;
    private readonly PlatformClient _client;
    private readonly JournalUploader _uploader;
    private readonly InOrder<Seen> _scans;
    private readonly Action<Exception> _onDied;
    private readonly HttpClient _http;
    private readonly LineLoop _line;
    private readonly ProcessTime _time;
    private bool _diskIsDue;
    private IReadOnlyList<LineOrder> _orders = [];

    /// <summary>Starts the program.</summary>
    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public SimulatedService(
        VirtualClock clock, WallClock wall, FaultOracle oracle, SimulatedDisk disk, SimulatedPlatform platform, SimulatedNetwork network,
        LineSettings settings, LineOutputs outputs, Mutation mutation, int leaseCodes, Action<Exception> onDied)
    {
        (_clock, _oracle, _disk, _platform, _mutation, _onDied) = (clock, oracle, disk, platform, mutation, onDied);
        _time = new ProcessTime(clock, _loop, wall);
        _ledger = LineLedger.OpenStepped($"{disk.Root}/{LineId}", LineId, _time, Died, disk.ForLedger());
        _http = new HttpClient(network, disposeHandler: false) { BaseAddress = new Uri("http://platform"), Timeout = Timeout.InfiniteTimeSpan };
        _client = new PlatformClient(_http, LineId, platform.TokenFile(LineId));
        _uploader = new JournalUploader(LineId, _ledger, _client, _time, NullLogger.Instance);
        var supply = new CodeSupply(LineId, _ledger, _client, platform.PublicKeyFile, leaseCodes, _time, NullLogger.Instance);
        var picture = new LinePicture(LineId, LineId, settings.Station, _time, s => Snapshot = s);
        picture.Begin(_ledger.FoldAtOpen, 0, 0, 0);
        _line = new LineLoop(picture, settings, _ledger, supply, _uploader, outputs, _time, NullLogger.Instance);
        _scans = new InOrder<Seen>(TakeAsync);
        Action<IReadOnlyList<CommittedEntries>> told = _ledger.Committed;
        _ledger.Committed = group => OnCommitted(group, told);
        CheckWhatWasTold();
    }

    /// <summary>What a person sees on the page.</summary>
    public LineSnapshot Snapshot { get; private set; } = new() { LineId = LineId, Title = LineId, Station = "conveyor", State = PackMlState.Starting };

    /// <summary>Codes that were in the window of a program that ended without a word.</summary>
    public IReadOnlyList<CodeRef> Found => [.. _ledger.Memory.Printing, .. _ledger.Memory.InDoubt];

    /// <summary>Codes that were printing when the program before ended: in doubt from now on.</summary>
    public int Printing => _ledger.Memory.Printing.Count;

    /// <summary>Everything is on disk, and the platform has it.</summary>
    public bool IsAtRest => !_ledger.Waits && Snapshot.AsOfSeq > 0 && _platform.HeadOf(LineId).AcceptedThrough == Snapshot.AsOfSeq;

    /// <summary>How long a transaction takes now, milliseconds.</summary>
    public Func<int> DiskMs { get; init; } = () => 2;

    /// <summary>The line was just told of entries that are not on disk yet: the moment at which such a mistake does harm.</summary>
    public Action ToldEarly { get; init; } = () => { };

    /// <summary>This ledger was set back: that the line locks itself is what has to happen.</summary>
    public bool WasSetBack { get; init; }

    /// <summary>The line has locked itself.</summary>
    public bool Locked { get; private set; }

    /// <summary>The platform has said, or could not be asked, whether this is the line's one and only ledger.</summary>
    public bool LookedAt => _uploader.FirstLook.IsCompleted;

    /// <summary>An await came back on another thread: the seed would not repeat the day.</summary>
    public bool Escaped => _loop.Escaped;

    /// <summary>Does what came of the last event: a timer, an answer of the network.</summary>
    public void Settle() => Do(static () => { });

    /// <summary>Runs all loops of the program.</summary>
    public void Run() => Do(() =>
    {
        _ = GuardAsync(_line.RunAsync(CancellationToken.None));
        _ = GuardAsync(_scans.RunAsync(CancellationToken.None));
        _ = GuardAsync(_uploader.RunAsync(Tell, CancellationToken.None));
        _ = GuardAsync(PollAsync());
    });

    public void Post(LineEvent e) => Do(() => _line.Post(e));

    /// <summary>The scanner saw an item; null when it read nothing.</summary>
    public void Scanned(long item, IReadOnlyList<string>? texts) => Do(() => _scans.Bring(new Seen(item, texts)));

    /// <summary>A person wants something.</summary>
    public Task<string> Ask(Func<long, LineEvent.Command> make)
    {
        Task<string> answer = Task.FromResult("");
        Do(() => answer = _line.CommandAsync(make));
        return answer;
    }

    /// <summary>A person shows a label or types its code.</summary>
    public Task<string> Ask(string text, Func<long, CodeRead, LineEvent.Command> make)
    {
        Task<string> answer = Task.FromResult("");
        Do(() => answer = _line.CommandAsync(text, make));
        return answer;
    }

    /// <summary>A person shows a label at the rework table.</summary>
    public Task<string> Rework(string text)
    {
        Task<string> answer = Task.FromResult("");
        Do(() => answer = _line.ReworkAsync(_line.HearRework(text), text, "Wang", typed: false));
        return answer;
    }

    /// <summary>Starts a run of what is left of the oldest order, or says why there is none.</summary>
    public Task<string> Start(string runId)
    {
        Task<string> answer = Task.FromResult("");
        Do(() => answer = StartAsync(runId));
        return answer;
    }

    /// <summary>The program is gone without a word.</summary>
    public void Dispose()
    {
        _loop.Dead = true;
        _disk.Halt();
        _ledger.Dispose();
        _line.Dispose();
        _http.Dispose();
        _disk.Kill();
    }

    /// <summary>Does something as the program, and lets the disk have its turn if there is something to write.</summary>
    private void Do(Action what)
    {
        _loop.Run(what);
        if (!_loop.Dead && !_diskIsDue && _ledger.Waits)
        {
            _diskIsDue = true;
            _clock.InMs(DiskMs(), TurnOfDisk);
        }
    }

    private void TurnOfDisk()
    {
        _diskIsDue = false;
        if (_loop.Dead)
        {
            return;
        }

        _disk.SyncsLate = _mutation is Mutation.SendBeforeCommit or Mutation.PassBeforeCommit;
        Do(() => _ledger.Step());
        _disk.SyncsLate = false;
    }

    private void OnCommitted(IReadOnlyList<CommittedEntries> group, Action<IReadOnlyList<CommittedEntries>> told)
    {
        foreach (LineEntry entry in group.SelectMany(c => c.Entries))
        {
            _oracle.Note($"on disk {entry.Kind} {entry.Code.Id} {entry.Item} {entry.Count} {entry.Reason}");
        }

        bool early = group.SelectMany(c => c.Entries).Any(e =>
            (_mutation == Mutation.SendBeforeCommit && e.Kind == JournalKind.Print) || (_mutation == Mutation.PassBeforeCommit && e.Kind == JournalKind.Verified));
        if (early)
        {
            _clock.InMs(40, _disk.SyncNow);
            ToldEarly();
        }
        else
        {
            _disk.SyncNow();
        }

        told(group);
    }

    private void Tell(UploadNews news)
    {
        if (news is UploadNews.Locked locked)
        {
            Locked = true;
            _oracle.Note($"locked");
            if (!WasSetBack)
            {
                _oracle.Violated($"I7: the line locked itself: {locked.Detail}");
            }
        }

        _line.Post(news);
    }

    // I4: nothing that the world saw may be missing after a start.
    private void CheckWhatWasTold()
    {
        Demand(_oracle.SentSince, JournalKind.Print, "I4: the label of {0} was sent, the ledger has no print entry");
        Demand(_oracle.PassedSince, JournalKind.Verified, "I4: the item with {0} got its PASS, the ledger has no verified entry");

        void Demand(List<CertificateCode> codes, JournalKind kind, string what)
        {
            foreach (CertificateCode code in codes)
            {
                string sql = string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"SELECT count(*) FROM journal WHERE kind = {(int)kind} AND code_id = (SELECT id FROM code WHERE value = '{code.Value}')");
                Task<string?> asked = _ledger.AskAsync(db => LedgerFile.Scalar(db, sql));
                if (_ledger.Step() && asked.Result == "0")
                {
                    _oracle.Violated(string.Format(System.Globalization.CultureInfo.InvariantCulture, what, code));
                }
            }

            codes.Clear();
        }
    }

    private ValueTask TakeAsync(Seen seen) =>
        seen.Texts is { } texts ? _line.PostFrameAsync(seen.Item, texts) : _line.PostAsync(new LineEvent.NoRead(seen.Item));

    private async Task PollAsync()
    {
        while (true)
        {
            try
            {
                await LookForWorkAsync();
            }
            catch (PlatformProblemException)
            {
                // It says so on the page; asked again in a while.
            }

            await Task.Delay(PollEvery, _time, CancellationToken.None);
        }
    }

    private async Task LookForWorkAsync()
    {
        LineWork work = await _client.WorkAsync(CancellationToken.None);
        _orders = work.Orders;
        LineOrder? ours = work.Orders.FirstOrDefault(o => o.OrderId == Snapshot.Run?.OrderId);
        _line.Post(new LineEvent.PlatformSaid(ours is null ? null : ours.BatchState == "suspended", work.NowUnixMs));
    }

    private async Task<string> StartAsync(string runId)
    {
        foreach (LineOrder order in _orders)
        {
            int done = await _ledger.AskAsync(db => LedgerQueries.VerifiedOf(db, order.OrderId));
            int left = order.Target - Math.Max(done, order.Verified);
            if (left > 0)
            {
                return await _line.CommandAsync(id => new LineEvent.Start(
                    id, "Li", new RunOrder(runId, order.OrderId, order.BatchId, order.BatchNumber, order.Product, left)));
            }
        }

        return _orders.Count > 0 ? "target-met" : "no-work";
    }

    private async Task GuardAsync(Task part)
    {
        try
        {
            await part;
        }
        catch (Exception e)
        {
            Died(e);
        }
    }

    private void Died(Exception e)
    {
        if (!_loop.Dead)
        {
            _onDied(e);
        }
    }

    private sealed record Seen(long Item, IReadOnlyList<string>? Texts);
}
