using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// A ZPL printer, driven by its profile: keeps one connection, asks who and how it is, and sends formats. It never
/// sends a format twice and never resumes a printer; a person does that (P8).
/// </summary>
/// <param name="profile">The model.</param>
/// <param name="connect">Opens a new link; called again after each loss.</param>
/// <param name="changed">
/// Called for each change of condition or boot epoch, one at a time and never from two threads. Must not block.
/// </param>
/// <param name="time">Clock of all waits.</param>
public sealed class LabelPrinter(
    PrinterProfile profile,
    Func<CancellationToken, Task<DeviceLink>> connect,
    Action<PrinterReport> changed,
    TimeProvider time)
{
    private static readonly PrinterCondition LinkLost = new PrinterCondition.Fault(PrinterFaultKind.LinkLost);

    private readonly Lock _gate = new();
    private readonly FormatStore _store = new();
    private PrinterSession? _session;
    private PrinterReport? _reported;
    private PrinterReport _last = new(LinkLost, 0, "not connected yet");

    /// <summary>The newest report.</summary>
    public PrinterReport Last => Volatile.Read(ref _last);

    /// <summary>Keeps the printer connected until <paramref name="stop"/>. Call once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Backoff pause = new(profile.Timings.Reconnect, time);
        while (!stop.IsCancellationRequested)
        {
            DeviceLink? link = null;
            try
            {
                link = await connect(stop);
                DeviceLink? channel = await ChannelAsync(link, stop);
                PrinterSession session = new(
                    link, channel, StatusChannel.Questions(profile, channel), profile, time, _store, Observe, NextEpoch);
                _store.LosePower();
                NextEpoch();
                Volatile.Write(ref _session, session);
                pause.Reset();
                await session.RunAsync(stop);
            }
            catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
            {
                Observe(LinkLost, LinkTrouble.Words(e, profile, link));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Observe(LinkLost, "stopped");
            }

            Volatile.Write(ref _session, null);
            await pause.WaitAsync(stop);
        }
    }

    /// <summary>
    /// Sends one format within a bounded time and says truthfully what became of it. While the printer is not ready
    /// nothing is sent. Formats are written in the order of the calls. Cancelling withdraws a format that still waits;
    /// one that was begun is finished or becomes unknown.
    /// </summary>
    /// <param name="format">The whole label.</param>
    /// <param name="ct">Withdraws it.</param>
    /// <param name="recall">The same label as a recall; sent instead while its format is known to be in the printer.</param>
    public ValueTask<SendOutcome> SendAsync(ReadOnlyMemory<byte> format, CancellationToken ct, RecalledLabel? recall = null)
    {
        PrinterSession? session = Volatile.Read(ref _session);
        return session is null
            ? new(new SendOutcome.NotOneByte("the printer is not connected"))
            : session.SendAsync(format, recall, ct);
    }

    /// <summary>
    /// Keeps the layout of a run in the printer, or deletes it (null) at the end. Until the printer has listed it, labels
    /// go out whole. For models that say when they were switched off only.
    /// </summary>
    public void Use(StoredFormat? format) => _store.Use(profile.Format.Stored ? format : null);

    /// <summary>Why labels go out whole; empty when they are recalled or nothing is stored.</summary>
    public string StoreNote => _store.Note;

    /// <summary>File in the printer that labels are recalled from, or empty.</summary>
    public string RecalledFrom => _store.RecalledFrom;

    /// <summary>
    /// Asks the printer to forget what it has not printed yet (<c>~JX ~JA</c>); the label in progress still comes out.
    /// False when that could not be said: then a reconnect will say it.
    /// </summary>
    public async Task<bool> CancelAsync(CancellationToken ct) =>
        Volatile.Read(ref _session) is { } session && await session.CancelAsync(ct);

    private async Task<DeviceLink?> ChannelAsync(DeviceLink link, CancellationToken stop)
    {
        try
        {
            return await StatusChannel.OpenAsync(link, profile, time, stop);
        }
        catch (OperationCanceledException)
        {
            await link.DisposeAsync();
            throw;
        }
    }

    private void NextEpoch()
    {
        lock (_gate)
        {
            Volatile.Write(ref _last, _last with { BootEpoch = _last.BootEpoch + 1 });
        }
    }

    private void Observe(PrinterCondition condition, string detail)
    {
        lock (_gate)
        {
            PrinterReport report = new(condition, _last.BootEpoch, detail);
            bool news = _reported is null
                || _reported.Condition != condition
                || (report.IsReady && _reported.BootEpoch != report.BootEpoch);
            Volatile.Write(ref _last, report);
            if (news)
            {
                _reported = report;
                changed(report);
            }
        }
    }
}
