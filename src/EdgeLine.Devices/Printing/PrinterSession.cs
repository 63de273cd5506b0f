using System.Diagnostics.CodeAnalysis;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// One connection to a printer, from the first byte to the last: loops (read, write, ask) that end together.
/// A write that stopped half-way ends it, because only a new connection's <c>~JX</c> closes the open format.
/// </summary>
/// <param name="link">Where labels go.</param>
/// <param name="channel">Where it is asked how it is, when that is another connection.</param>
/// <param name="questions">What it is asked, on whichever of the two.</param>
/// <param name="profile">The model.</param>
/// <param name="time">Clock of all waits.</param>
/// <param name="store">What it keeps for us.</param>
/// <param name="observed">Told what it says.</param>
/// <param name="restarted">Told when it was, or may have been, switched off: what it was sent may be lost.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "RunAsync closes the links on its way out.")]
internal sealed partial class PrinterSession(
    DeviceLink link,
    DeviceLink? channel,
    PrinterQuestions questions,
    PrinterProfile profile,
    TimeProvider time,
    FormatStore store,
    Action<PrinterCondition, string> observed,
    Action restarted)
{
    private const string NotReady = "the printer is not ready";

    // ~JX twice: when what was sent before ended in the middle of a command, that command may take the first one's ~ for its
    // own parameter (^A, and then the font ~), and the open format would swallow the next label.
    private static readonly byte[] Clear = "~JX\r\n~JX\r\n~JA\r\n"u8.ToArray();
    private static readonly byte[] WhoAreYou = "~HI\r\n"u8.ToArray();

    private readonly FormatQueue _queue = new();
    private readonly PrinterLinks _links = new(link, channel, profile.Timings.SendTimeout);
    private readonly Lock _gate = new();
    private readonly bool _identifies = profile.Identify.With != "none";
    private readonly ReprintCheck _reprint = new(profile, link, time);
    private readonly PrinterReplies _replies = new(questions.Witnesses);
    private readonly QuestionPace _pace = QuestionPace.Of(profile, channel ?? link, questions.Poll.Length);

    private long _heardAt = time.GetTimestamp();
    private long _markedAt = time.GetTimestamp();
    private long _greetedAt = time.GetTimestamp();
    private long? _askedWhoAt; // first ~HI since something was heard where labels go
    private PrinterReply.Identity? _identity;
    private bool _rightModel;
    private bool _marked;
    private bool _silent;
    private bool _mustGreet = true;
    private readonly OdometerWitness _witness = new(profile.AfterHeadClose.BlankLabelsMax, time);
    private long _surplus;
    private bool _reprintKeyOn;
    private bool _faulty;
    private volatile bool _ready;

    public ValueTask<SendOutcome> SendAsync(ReadOnlyMemory<byte> format, RecalledLabel? recall, CancellationToken ct) =>
        _ready ? _queue.SendAsync(format, recall, ct) : new(new SendOutcome.NotOneByte(NotReady));

    /// <summary>Asks the printer to forget what it has not printed; false when that could not be written.</summary>
    public async Task<bool> CancelAsync(CancellationToken ct)
    {
        LinkWrite write = await _links.WriteAloneAsync(() => Clear, ct);
        store.Cancelled();
        Hear(_witness.Cleared);
        return write.IsComplete;
    }

    /// <summary>Runs until the link breaks (exception) or <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] loops = [];
        try
        {
            loops = [ReadLoopAsync(end.Token), ChannelLoopAsync(end.Token), WriteLoopAsync(end.Token), AskLoopAsync(end.Token)];
            await await Task.WhenAny(loops);
        }
        catch (DeviceLinkException)
        {
            _links.Abandon();
            throw;
        }
        finally
        {
            _ready = false;
            await end.CancelAsync();
            await _links.DisposeAsync(); // lets go of a write that the device holds up
            foreach (Task loop in loops)
            {
                await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the first failure is the news
            }

            _queue.Close("the connection to the printer ended");
        }
    }

    private async Task GreetAsync()
    {
        await _links.CommandAsync(Clear);
        if (questions.Marks)
        {
            await _links.AskAsync(questions.Mark());
        }

        lock (_gate)
        {
            _mustGreet = false;
            _witness.Cleared();
            _markedAt = _greetedAt = time.GetTimestamp();
            Judge(null);
        }
    }

    private Task ReadLoopAsync(CancellationToken end) =>
        _links.ReadAsync(
            bytes => Hear(() =>
            {
                _askedWhoAt = null;
                _replies.Feed(bytes.Span, Take);
                if (_replies.InDocument && _reprint.IsAwaited)
                {
                    _heardAt = _markedAt = time.GetTimestamp(); // other answers wait behind a long one
                }
            }),
            end);

    private Task ChannelLoopAsync(CancellationToken end)
    {
        PrinterObjects objects = new();
        return _links.ReadChannelAsync(bytes => Hear(() => objects.Feed(bytes.Span, Take)), time, end);
    }

    private void Hear(Action feed)
    {
        lock (_gate)
        {
            feed();
        }
    }

    private async Task AskLoopAsync(CancellationToken end)
    {
        using PeriodicTimer timer = new(_pace.Every, time);
        do
        {
            bool mustAsk;
            lock (_gate)
            {
                JudgeSilence();
                mustAsk = _reprint.IsDue();
            }

            if (_mustGreet)
            {
                await GreetAsync();
            }

            if (_identifies && _identity is null)
            {
                Hear(() => _askedWhoAt ??= time.GetTimestamp());
                await _links.CommandAsync(WhoAreYou);
            }

            if (_ready && await store.BringAsync(_links))
            {
                lock (_gate)
                {
                    // A slow line takes seconds for it, and in that time nobody has asked anything.
                    _heardAt = _markedAt = time.GetTimestamp();
                }
            }

            if (mustAsk)
            {
                await _links.CommandAsync(ReprintCheck.Question);
            }

            if (questions.Reports)
            {
                await _links.AskAsync(questions.Poll);
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private async Task WriteLoopAsync(CancellationToken end)
    {
        FormatBatch batch = new(store);
        while (await _queue.Waiting.WaitToReadAsync(end))
        {
            LinkWrite write = await _links.WriteAloneAsync(() => Collect(batch), end);
            int stayed = batch.Settle(write);
            Hear(() => _witness.NotSent(stayed));
            PrinterLinks.Whole(write);
        }
    }

    // Counted before they leave: the printer may say that it printed them before the write has ended.
    private ReadOnlyMemory<byte> Collect(FormatBatch batch)
    {
        ReadOnlyMemory<byte> bytes = batch.Collect(_queue.Waiting, () => _ready, NotReady);
        Hear(() => _witness.Sending(batch.Count));
        return bytes;
    }
}
