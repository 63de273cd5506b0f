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
/// <param name="profile">The model.</param>
/// <param name="time">Clock of all waits.</param>
/// <param name="store">What it keeps for us.</param>
/// <param name="observed">Told what it says.</param>
/// <param name="restarted">Told when it was, or may have been, switched off: what it was sent may be lost.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "RunAsync closes the links on its way out.")]
internal sealed class PrinterSession(
    DeviceLink link,
    DeviceLink? channel,
    PrinterProfile profile,
    TimeProvider time,
    FormatStore store,
    Action<PrinterCondition, string> observed,
    Action restarted)
{
    private const string NotReady = "the printer is not ready";

    private static readonly byte[] Clear = "~JX\r\n~JA\r\n"u8.ToArray();
    private static readonly byte[] WhoAreYou = "~HI\r\n"u8.ToArray();

    private readonly FormatQueue _queue = new();
    private readonly PrinterLinks _links = new(link, channel, profile.Timings.SendTimeout);
    private readonly Lock _gate = new();
    private readonly bool _identifies = profile.Identify.With != "none";
    private readonly PrinterQuestions _questions = StatusChannel.Questions(profile, channel);
    private readonly QuestionPace _pace = QuestionPace.Of(
        profile, channel ?? link, StatusChannel.Questions(profile, channel).Poll.Length);
    private long _heardAt = time.GetTimestamp();
    private long _markedAt = time.GetTimestamp();
    private long _greetedAt = time.GetTimestamp();
    private PrinterReply.Identity? _identity;
    private bool _rightModel;
    private bool _marked;
    private bool _silent;
    private bool _mustGreet = true;
    private volatile bool _ready;

    public ValueTask<SendOutcome> SendAsync(ReadOnlyMemory<byte> format, RecalledLabel? recall, CancellationToken ct) =>
        _ready ? _queue.SendAsync(format, recall, ct) : new(new SendOutcome.NotOneByte(NotReady));

    /// <summary>Asks the printer to forget what it has not printed; false when that could not be written.</summary>
    public async Task<bool> CancelAsync(CancellationToken ct)
    {
        LinkWrite write = await _links.WriteAloneAsync(() => Clear, ct);
        store.Cancelled();
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
        if (_questions.Marks)
        {
            await _links.AskAsync(_questions.Mark());
        }

        lock (_gate)
        {
            _mustGreet = false;
            _markedAt = _greetedAt = time.GetTimestamp();
            Judge(null);
        }
    }

    private Task ReadLoopAsync(CancellationToken end)
    {
        PrinterReplies replies = new();
        return _links.ReadAsync(bytes => Hear(() => replies.Feed(bytes.Span, Take)), end);
    }

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

    private void Take(PrinterReply reply)
    {
        if (reply is PrinterReply.Marker marker)
        {
            TakeMarker(marker.Value);
            return;
        }

        _heardAt = time.GetTimestamp();
        if (_silent)
        {
            // It was away for longer than a healthy printer ever is: it may have been switched off, or exchanged.
            StartAgain();
        }

        if (_mustGreet)
        {
            return; // an answer from before we cleared it
        }

        if (reply is PrinterReply.Identity identity)
        {
            _identity = identity;
            _rightModel = identity.DotsPerMm == profile.Device.DotsPerMm
                && (profile.Identify.Expect?.IsMatch(identity.Model) ?? true);
            Judge(null);
        }
        else if (reply is PrinterReply.Listing listing)
        {
            store.Take(listing.Names);
        }
        else if (reply is PrinterReply.Status status)
        {
            Judge((status.Value.Condition(out string detail), detail));
        }
        else if (reply is PrinterReply.Errors errors)
        {
            Judge((errors.Value.Condition(out string detail), detail));
        }
    }

    // A marker that was there and is gone: it was switched off, however short that was. It says nothing of health.
    private void TakeMarker(string marker)
    {
        if (_mustGreet)
        {
            return; // an answer about the marker before
        }

        if (marker == _questions.Marker)
        {
            (_marked, _markedAt) = (true, time.GetTimestamp());
        }
        else if (_marked)
        {
            StartAgain();
        }
    }

    private void StartAgain()
    {
        (_silent, _mustGreet, _ready, _identity, _marked) = (false, true, false, null, false);
        store.LosePower();
        restarted();
    }

    private void Judge((PrinterCondition Condition, string Detail)? status)
    {
        if (_identifies && _identity is not null && !_rightModel)
        {
            Observe(
                new PrinterCondition.Fault(PrinterFaultKind.WrongModel),
                $"it is a {_identity.Model} with {_identity.DotsPerMm} dots/mm; profile {profile.Id} needs "
                + $"{profile.Identify.Expect} with {profile.Device.DotsPerMm}");
        }
        else if (_identifies && _identity is null)
        {
            _ready = false; // not yet known who it is; the ask loop says so if it stays silent
        }
        else if (!_questions.Reports)
        {
            Observe(PrinterCondition.Ready.Value, "this model is not asked for its status");
        }
        else if (status is { Condition: PrinterCondition.Ready } && _questions.Marks && !_marked)
        {
            _ready = false; // healthy, but nobody would notice if it was switched off
        }
        else if (status is { } told)
        {
            Observe(told.Condition, told.Detail);
        }
    }

    private void Observe(PrinterCondition condition, string detail)
    {
        _ready = condition is PrinterCondition.Ready;
        observed(condition, detail);
        if (!_ready)
        {
            // A format that stays here leaves no label in doubt.
            _queue.Refuse(NotReady);
        }
    }

    private async Task AskLoopAsync(CancellationToken end)
    {
        using PeriodicTimer timer = new(_pace.Every, time);
        do
        {
            lock (_gate)
            {
                JudgeSilence();
            }

            if (_mustGreet)
            {
                await GreetAsync();
            }

            if (_identifies && _identity is null)
            {
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

            if (_questions.Reports)
            {
                await _links.AskAsync(_questions.Poll);
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private void JudgeSilence()
    {
        bool nameless = !_mustGreet && _identifies && _identity is null
            && time.GetElapsedTime(_greetedAt) > _pace.SilentAfter;
        bool unmarked = !_mustGreet && _questions.Marks && time.GetElapsedTime(_markedAt) > _pace.SilentAfter;
        TimeSpan quiet = time.GetElapsedTime(_heardAt);
        bool silent = quiet > _pace.SilentAfter && (_questions.Reports || (_identifies && _identity is null));
        if (!silent && !nameless && !unmarked)
        {
            return;
        }

        _silent = true;
        Observe(
            new PrinterCondition.Fault(PrinterFaultKind.Silent),
            silent
                ? $"no answer for {_pace.SilentAfter.TotalMilliseconds:0} ms"
                : nameless ? $"it does not say who it is: no answer to ~HI for {_pace.SilentAfter.TotalMilliseconds:0} ms"
                : $"it keeps no variable {BootMarker.Variable}, so nobody would notice that it was switched off. "
                    + $"Choose a profile without bootEpoch if this is no {profile.Device.Model}");
        if (quiet > profile.Timings.Boot + _pace.SilentAfter)
        {
            throw new DeviceLinkException(
                $"{_links.Address}: connected, but silent for longer than it takes to boot. "
                + "Check that its command language is ZPL, and its serial settings.");
        }
    }

    private async Task WriteLoopAsync(CancellationToken end)
    {
        FormatBatch batch = new(store);
        while (await _queue.Waiting.WaitToReadAsync(end))
        {
            LinkWrite write = await _links.WriteAloneAsync(() => batch.Collect(_queue.Waiting, () => _ready, NotReady), end);
            batch.Settle(write);
            PrinterLinks.Whole(write);
        }
    }
}
