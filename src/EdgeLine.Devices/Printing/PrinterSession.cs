using System.Diagnostics.CodeAnalysis;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// One connection to a printer, from the first byte to the last: three loops (read, write, ask) that end together.
/// A write that stopped half-way ends it, because only a new connection's <c>~JX</c> closes the open format.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
internal sealed class PrinterSession(
    DeviceLink link,
    PrinterProfile profile,
    TimeProvider time,
    Action<PrinterCondition, string> observed,
    Action restarted)
{
    private const string NotReady = "the printer is not ready";

    private static readonly byte[] Clear = "~JX\r\n~JA\r\n"u8.ToArray();
    private static readonly byte[] WhoAreYou = "~HI\r\n"u8.ToArray();
    private static readonly byte[] HowAreYou = "~HS\r\n"u8.ToArray();

    private readonly FormatQueue _queue = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly PrinterReplies _replies = new();
    private readonly Lock _gate = new();
    private readonly bool _identifies = profile.Identify.With != "none";
    private readonly bool _reports = profile.Status.With != "none";
    private long _heardAt = time.GetTimestamp();
    private PrinterReply.Identity? _identity;
    private bool _rightModel;
    private bool _silent;
    private bool _mustGreet = true;
    private volatile bool _ready;

    public ValueTask<SendOutcome> SendAsync(ReadOnlyMemory<byte> format, CancellationToken ct) =>
        _ready
            ? _queue.SendAsync(format, ct)
            : new(new SendOutcome.NotOneByte(NotReady));

    /// <summary>Asks the printer to forget what it has not printed; false when that could not be written.</summary>
    public async Task<bool> CancelAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            return (await WriteAsync(Clear)).IsComplete;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs until the link breaks (exception) or <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] loops = [];
        try
        {
            loops = [ReadLoopAsync(end.Token), WriteLoopAsync(end.Token), AskLoopAsync(end.Token)];
            await await Task.WhenAny(loops);
        }
        finally
        {
            _ready = false;
            await end.CancelAsync();
            await link.DisposeAsync(); // lets go of a write that the device holds up
            foreach (Task loop in loops)
            {
                await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the first failure is the news
            }

            _queue.Close("the connection to the printer ended");
        }
    }

    private async Task GreetAsync()
    {
        await CommandAsync(Clear);
        lock (_gate)
        {
            _mustGreet = false;
            Judge(null);
        }
    }

    private async Task ReadLoopAsync(CancellationToken end)
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            int count = await link.ReadAsync(buffer, end);
            if (count == 0)
            {
                throw new DeviceLinkException($"{link.Address}: the printer closed the connection.");
            }

            lock (_gate)
            {
                _replies.Feed(buffer.AsSpan(0, count), Take);
            }
        }
    }

    private void Take(PrinterReply reply)
    {
        _heardAt = time.GetTimestamp();
        if (_silent)
        {
            // It was away for longer than a healthy printer ever is: it may have been switched off, or exchanged.
            (_silent, _mustGreet, _ready, _identity) = (false, true, false, null);
            restarted();
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
        else if (reply is PrinterReply.Status status)
        {
            Judge(status.Value);
        }
    }

    private void Judge(HostStatus? status)
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
        else if (!_reports)
        {
            Observe(PrinterCondition.Ready.Value, "this model is not asked for its status");
        }
        else if (status is not null)
        {
            Observe(status.Condition(out string detail), detail);
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
        using PeriodicTimer timer = new(profile.Status.Every, time);
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
                await CommandAsync(WhoAreYou);
            }

            if (_reports)
            {
                await CommandAsync(HowAreYou);
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private void JudgeSilence()
    {
        TimeSpan quiet = time.GetElapsedTime(_heardAt);
        if (quiet <= profile.Status.SilentAfter || !(_reports || (_identifies && _identity is null)))
        {
            return;
        }

        _silent = true;
        Observe(
            new PrinterCondition.Fault(PrinterFaultKind.Silent),
            $"no answer for {profile.Status.SilentAfter.TotalMilliseconds:0} ms");
        if (quiet > profile.Timings.Boot + profile.Status.SilentAfter)
        {
            throw new DeviceLinkException(
                $"{link.Address}: connected, but silent for longer than it takes to boot. "
                + "Check that its command language is ZPL, and its serial settings.");
        }
    }

    // A question is dropped when the printer takes no bytes at the moment: its silence will tell.
    private async Task CommandAsync(byte[] command)
    {
        await _writing.WaitAsync();
        try
        {
            LinkWrite write = await WriteAsync(command);
            if (write is { IsComplete: false, BytesTaken: > 0 })
            {
                throw new DeviceLinkException(write.Stopped!);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteLoopAsync(CancellationToken end)
    {
        FormatBatch batch = new();
        while (await _queue.Waiting.WaitToReadAsync(end))
        {
            await _writing.WaitAsync(end);
            try
            {
                ReadOnlyMemory<byte> bytes = batch.Collect(_queue.Waiting, () => _ready, NotReady);
                LinkWrite write = bytes.IsEmpty ? default : await WriteAsync(bytes);
                batch.Settle(write);
                if (write is { IsComplete: false, BytesTaken: > 0 })
                {
                    throw new DeviceLinkException(write.Stopped!);
                }
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    private ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes) =>
        link.WriteAsync(bytes, profile.Timings.SendTimeout + link.WireTime(bytes.Length), CancellationToken.None);
}
