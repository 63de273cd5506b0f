using System.Threading.Channels;
using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Line;

/// <summary>
/// The shell around the core: one bounded channel in, one loop, effects carried out in order. It has no rules about
/// codes; it attaches to each read what the ledger knows, and it never waits for the disk.
/// </summary>
public sealed partial class LineLoop : IDisposable
{
    /// <summary>Messages that may wait: frames, commits and polls of a few seconds. Scanners are held back beyond it.</summary>
    private const int InboxMax = 4096;

    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // A template may be mended while the line waits.
    private static readonly TimeSpan LabelRetry = TimeSpan.FromSeconds(5);

    private readonly PackagingLine _core;
    private readonly LineLedger _ledger;
    private readonly CodeSupply _supply;
    private readonly LineOutputs _outputs;
    private readonly JournalUploader _uploader;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _startedAt;
    private readonly Channel<object> _inbox = Channel.CreateBounded<object>(new BoundedChannelOptions(InboxMax) { SingleReader = true });
    private readonly Dictionary<long, TaskCompletionSource<string>> _answers = [];
    private readonly LinePicture _picture;
    private readonly HashSet<string> _outside = [];
    private readonly Queue<CodeRef> _toSend = new();
    private long _lookedAt;
    private CancellationTokenSource _supplyStop = new();
    private CancellationToken _stop;
    private long _commandId;
    private long _scans;
    private int _tickWaits;
    private RunOrder? _runSeen;
    private StackLight _lamp;

    /// <summary>Makes the loop of one line over its open ledger.</summary>
    public LineLoop(
        LinePicture picture, LineSettings settings, LineLedger ledger, CodeSupply supply, JournalUploader uploader,
        LineOutputs outputs, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(time);
        (_ledger, _supply, _outputs, _uploader, _time, _log, _picture) = (ledger, supply, outputs, uploader, time, log, picture);
        _core = new PackagingLine(settings, ledger.Memory);
        _startedAt = time.GetTimestamp();
        ledger.Committed = OnLedger;
        Codes = new KnownCodes([]);
    }

    /// <summary>Done when the line has begun: what it makes of its memory is on its way to the disk.</summary>
    public Task Begun => _begun.Task;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Open and recent codes, for scanners to look at before they ask the file.</summary>
    public KnownCodes Codes { get; private set; }

    /// <summary>URL shapes of this line's labels.</summary>
    public LabelTexts Texts { get; } = new();

    /// <summary>Posts an event; drops nothing, waits when the inbox is full.</summary>
    public ValueTask PostAsync(LineEvent e) => _inbox.Writer.WriteAsync(e, _stop);

    /// <summary>Posts an event from a place that cannot wait asynchronously.</summary>
    public void Post(object message)
    {
        while (!_inbox.Writer.TryWrite(message))
        {
            if (_stop.IsCancellationRequested || !_inbox.Writer.WaitToWriteAsync(_stop).AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
    }

    /// <summary>Carries out a command of a person; empty when done, else the reason of the refusal.</summary>
    public Task<string> CommandAsync(Func<long, LineEvent.Command> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Asked(make, done));
        return done.Task;
    }

    /// <summary>Runs the line until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        _supplyStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        (IReadOnlyList<KnownCode> open, IReadOnlyList<string> urls) =
            await _ledger.AskAsync(db => (LedgerQueries.OpenCodes(db), LedgerQueries.UrlTemplates(db)));
        Codes = new KnownCodes(open);
        Texts.Use(urls);
        Apply(new LineEvent.Begin());
        _begun.SetResult();
        await using ITimer timer = _time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);
        try
        {
            while (await _inbox.Reader.WaitToReadAsync(stop))
            {
                while (_inbox.Reader.TryRead(out object? message))
                {
                    Handle(message);
                }

                SendWaiting();
                _picture.Update(_core, Now().Ms, _core.Run);
            }
        }
        finally
        {
            await _supplyStop.CancelAsync();
            await ShowLastNumbersAsync();
        }
    }

    // What was decided is on disk before the last picture is made, so that the last count equals the ledger.
    private async Task ShowLastNumbersAsync()
    {
        await _ledger.AskAsync(_ => true);
        while (_inbox.Reader.TryRead(out object? message))
        {
            foreach (CommittedEntries committed in message as IReadOnlyList<CommittedEntries> ?? [])
            {
                _picture.Follow(committed);
            }
        }

        _picture.Publish(_core);
    }

    /// <inheritdoc />
    public void Dispose() => _supplyStop.Dispose();

    private void Tick()
    {
        // One waiting tick is enough; it must not pile up behind frames.
        if (Interlocked.Exchange(ref _tickWaits, 1) == 0 && !_inbox.Writer.TryWrite(TickMessage))
        {
            Volatile.Write(ref _tickWaits, 0);
        }
    }

    private static readonly object TickMessage = new();

    private void Handle(object message)
    {
        switch (message)
        {
            case Frame frame:
                Apply(new LineEvent.FrameRead(frame.Item, [.. frame.Texts.Select(Facts)]));
                break;
            case IReadOnlyList<CommittedEntries> group:
                foreach (CommittedEntries committed in group)
                {
                    OnCommitted(committed);
                }

                break;
            case Asked asked:
                Carry(asked);
                break;
            case UploadNews news:
                OnUpload(news);
                break;
            case MirrorNews news:
                OnMirror(news);
                break;
            case Exposure onlyHere:
                _picture.Follow(onlyHere);
                Apply(new LineEvent.Exposed(onlyHere.Codes));
                break;
            case LineEvent e:
                Apply(e);
                break;
            default:
                OnTick();
                break;
        }
    }

    private void OnTick()
    {
        Volatile.Write(ref _tickWaits, 0);
        Apply(new LineEvent.Tick());
        if (_time.GetElapsedTime(_lookedAt) < LookEvery)
        {
            return;
        }

        _lookedAt = _time.GetTimestamp();
        foreach ((string key, bool active) in _picture.OutsideAlarms)
        {
            if (active != _outside.Contains(key))
            {
                _ = active ? _outside.Add(key) : _outside.Remove(key);
                Apply(new LineEvent.OutsideAlarm(key, active));
            }
        }
    }

    private Moment Now() => new(
        (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds, _time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Apply(LineEvent e)
    {
        foreach (LineEffect effect in _core.Apply(Now(), e))
        {
            Do(effect);
        }

        StackLight lamp = _core.State switch
        {
            PackMlState.Execute => StackLight.Green,
            PackMlState.Held => StackLight.Red,
            PackMlState.Suspended or PackMlState.Completing => StackLight.Amber,
            _ => StackLight.Off,
        };
        if (lamp != _lamp)
        {
            _outputs.Lamp(_lamp = lamp);
        }

        if (_core.Run != _runSeen)
        {
            _runSeen = _core.Run;
            if (_runSeen is null)
            {
                _outputs.RunEnded();
                _supplyStop.Cancel();
                _supplyStop.Dispose();
                _supplyStop = CancellationTokenSource.CreateLinkedTokenSource(_stop);
            }
        }
    }

    private void Do(LineEffect effect)
    {
        switch (effect)
        {
            case LineEffect.Journal journal: _ledger.Append(journal.Ticket, journal.Entries); break;
            case LineEffect.Send send: _toSend.Enqueue(send.Code); break;
            case LineEffect.Verdict verdict: OnVerdict(verdict); break;
            case LineEffect.StopRequest stop: _outputs.StopRequest(stop.On); break;
            case LineEffect.PrinterCancel: SendWaiting(); _outputs.PrinterCancel(); break;
            case LineEffect.FeedBlanks feed: SendWaiting(); _outputs.FeedBlanks(feed.Count); break;
            case LineEffect.Resync: _outputs.Resync(); break;
            case LineEffect.AskCodes ask: _ = SupplyAsync(_core.Run!, _core.VerifiedInRun, ask, _supplyStop.Token); break;
            case LineEffect.AskTestCode: _ = DrawTestCodeAsync(); break;
            case LineEffect.Tell tell: _picture.Show(tell.Card); break;
            case LineEffect.Answer answer: _answers.Remove(answer.Id, out TaskCompletionSource<string>? done); done?.SetResult(answer.Refused); break;
            default: throw new System.Diagnostics.UnreachableException($"Unknown effect {effect.GetType().Name}.");
        }
    }

    private void OnVerdict(LineEffect.Verdict verdict)
    {
        _outputs.Verdict(verdict.Item, verdict.Pass);
        _picture.Show(new VerdictSnapshot(verdict.Item, verdict.Pass, verdict.Reason, verdict.CodeTail, Now().WallMs));
    }

    private void OnCommitted(CommittedEntries committed)
    {
        Codes.Follow(committed.Entries);
        _picture.Follow(committed);
        if (committed.Ticket != 0)
        {
            Apply(new LineEvent.Committed(committed.Ticket));
        }

        _uploader.Nudge(); // wakes another thread, so after the verdict
    }

    private void OnUpload(UploadNews news)
    {
        _picture.Follow(news);
        switch (news)
        {
            case UploadNews.Accepted accepted:
                string batch = _core.Run?.BatchId ?? "";
                BatchStatus? ours = accepted.Batches.FirstOrDefault(b => b.BatchId == batch);
                if (ours is not null)
                {
                    Apply(new LineEvent.PlatformSaid(ours.State == "suspended", accepted.PlatformMs));
                }

                break;
            case UploadNews.Locked locked:
                _log.LogCritical("The ledger is locked: {Detail}", locked.Detail);
                Apply(new LineEvent.LedgerLocked(SecondPast.ReasonOf(locked.Detail)));
                break;
            default:
                break;
        }
    }

    private void OnMirror(MirrorNews news)
    {
        _picture.Follow(news);
        if (news.Locked.Length > 0)
        {
            Apply(new LineEvent.LedgerLocked(SecondPast.BehindCopy));
        }
    }

    // Ledger thread: hand over, nothing else.
    private void OnLedger(IReadOnlyList<CommittedEntries> group) => Post(group);
}
