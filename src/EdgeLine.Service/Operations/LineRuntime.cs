using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Enrolment;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Operations;

/// <summary>One running line: its ledger, its loop, its devices, its link to the platform. The parts, put together.</summary>
public sealed class LineRuntime : IDisposable
{
    private static readonly TimeSpan LookAtDiskEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long the devices wait for the word of platform and second copy on this ledger; silence must not stop a line.</summary>
    private static readonly TimeSpan FirstLookWithin = TimeSpan.FromSeconds(5);

    private readonly LineConfiguration _line;
    private readonly string _folder;
    private readonly PlatformClient _platform;
    private readonly JournalUploader _uploader;
    private readonly LedgerPatrol _patrol;
    private readonly JournalMirror? _mirror;
    private readonly ExposureWatch _exposure;
    private readonly Ballast _ballast;
    private readonly JournalSealer _sealer;
    private readonly LineDevices _devices;
    private readonly LinePicture _picture;
    private readonly TimeSpan _pollEvery;
    private readonly long _lowWaterBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile LineSnapshot _snapshot;
    private volatile IReadOnlyList<LineOrder> _orders = [];

    /// <summary>Opens the ledger of a line and puts its parts together; no device is touched yet.</summary>
    /// <exception cref="LedgerException">The ledger cannot be used.</exception>
    public LineRuntime(
        LineConfiguration line, SiteConfiguration site, HttpClient http, Action<Exception> onFatal, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(site);
        (_line, _time, _log, _pollEvery) = (line, time, log, site.Platform.Poll);
        _lowWaterBytes = site.LowDiskMegabytes * 1024L * 1024;
        Station station = line.Station switch
        {
            StationKind.Bench => Station.Bench,
            StationKind.Web => Station.Web,
            _ => Station.Conveyor,
        };
        _folder = Path.Combine(site.DataPath, line.Id);
        if (new LineFolders(site.DataPath, line.Id).IsHalfEnrolled)
        {
            throw new LedgerException($"An enrolment of {line.Id} was begun and not finished. Do it again with the same code: edgeline enrol CODE --line {line.Id}.");
        }

        Ledger = LineLedger.Open(_folder, line.Id, time, onFatal);
        _patrol = new LedgerPatrol(Ledger, _folder, time, log);
        _platform = new PlatformClient(http, line.Id, site.Platform.TokenFile);
        _uploader = new JournalUploader(line.Id, Ledger, _platform, time, log);
        _devices = new LineDevices(line, Ledger.Memory.LastItem, time, log);
        _picture = new LinePicture(line.Id, line.Title, station, time, s => _snapshot = s) { Devices = _devices.Picture, ReprintOffWords = line.Printer.Profile.ReprintOff.Manual };
        _snapshot = new LineSnapshot { LineId = line.Id, Title = line.Title, Station = station.ToString().ToLowerInvariant(), State = PackMlState.Starting };
        _exposure = new ExposureWatch(Ledger, () => (_snapshot.AsOfSeq, Math.Max(_snapshot.ConfirmedSeq, _snapshot.MirroredSeq ?? 0)), time);
        _ballast = new Ballast(_folder);
        _sealer = new JournalSealer(Ledger, _folder, site.KeepJournalDays, time, log);
        if (site.MirrorPath is { } mirrorPath)
        {
            _mirror = new JournalMirror(Ledger, Path.Combine(mirrorPath, line.Id), () => _snapshot.AsOfSeq, time, log)
            {
                // Where a disk is not plugged in, its folder often is there all the same, on the disk of the ledger.
                WhyNone = () => Disks.Of(mirrorPath) == Disks.Of(_folder) ? $"{mirrorPath} is on the disk of the ledger: is the other disk plugged in?" : "",
            };
            _picture.ExpectMirror();
        }

        var supply = new CodeSupply(line.Id, Ledger, _platform, site.Platform.PublicKeyFile, line.Codes.LeaseCodes, time, log);
        Loop = new LineLoop(_picture, SettingsOf(line, station, site.MaxUnconfirmed), Ledger, supply, _uploader, _devices.Outputs, time, log);
    }

    /// <summary>The loop, for commands.</summary>
    public LineLoop Loop { get; }

    /// <summary>The ledger, for questions.</summary>
    public LineLedger Ledger { get; }

    /// <summary>How far the journal is sealed.</summary>
    public string Sealed => _sealer.Result;

    /// <summary>Size of the ledger, bytes.</summary>
    public long LedgerBytes => new FileInfo(Path.Combine(_folder, LedgerFile.Name)).Length;

    /// <summary>What came of the last look at the whole ledger.</summary>
    public string Integrity => _patrol.Result;

    /// <summary>The newest picture.</summary>
    public LineSnapshot Snapshot => _snapshot;

    /// <summary>Whether a broker is configured and not reached.</summary>
    public Func<bool> MqttDown { set => _picture.MqttDown = value; }

    /// <summary>The journal for the reporter of run events.</summary>
    public async Task<JournalCursor> EventsAsync() => new(
        await Ledger.AskAsync(db => LedgerQueries.Cursor(db, "mqtt")),
        () => _snapshot.AsOfSeq,
        (after, max, _) => Ledger.AskAsync(db => LedgerQueries.Events(db, after, max)),
        seq => Ledger.AskAsync(db => LedgerQueries.SetCursor(db, "mqtt", seq)));

    /// <summary>What commands over MQTT can reach of this line.</summary>
    public RemoteLine Remote => new()
    {
        Look = () => _snapshot,
        Hold = who => Loop.CommandAsync(id => new LineEvent.Pause(id, who)),
        End = who => Loop.CommandAsync(id => new LineEvent.End(id, who)),
        Acknowledge = (key, who) => Loop.CommandAsync(id => new LineEvent.Acknowledge(id, who, key)),
        Note = (who, name, detail) => Loop.CommandAsync(id => new LineEvent.RemoteNoted(id, who, name, detail)),
        Start = (order, batch, who) => batch is null || _orders.Any(o => o.OrderId == order && o.BatchId == batch)
            ? StartAsync(order, who, CancellationToken.None)
            : Task.FromResult("wrong-batch"),
    };

    /// <summary>Results of earlier commands over MQTT, oldest first.</summary>
    public async Task<IReadOnlyList<RemoteResult>> RemoteResultsAsync() => await Ledger.AskAsync(RemoteHistory.Read);

    /// <summary>Orders that the platform assigned to this line, oldest first, as of the last poll.</summary>
    public IReadOnlyList<LineOrder> Orders => _orders;

    /// <summary>The label of an order as this line would print it; null when it is not known.</summary>
    public LabelPreview? LabelOf(string? orderId) =>
        _orders.FirstOrDefault(o => o.OrderId == orderId) is { } order ? LabelPreview.Of(_line, order) : null;

    /// <summary>Key of the line.</summary>
    public string Id => _line.Id;

    /// <summary>Runs the line until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await BeginPictureAsync();
        // If one part ends, the line is no line any more: stop the others, let the caller decide.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts =
        [
            Loop.RunAsync(end.Token),
            RunDevicesAsync(end.Token),
            PollAsync(end.Token),
            WatchDiskAsync(end.Token),
            UploadAsync(end.Token),
            PatrolAsync(end.Token),
            MirrorAsync(end.Token),
            _sealer.RunAsync(end.Token),
            _exposure.RunAsync(Loop.Post, end.Token),
        ];
        try
        {
            await await Task.WhenAny(parts);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts a run of an order, or of the oldest one that still wants items; empty, or why not.</summary>
    public async Task<string> StartAsync(string? orderId, string who, CancellationToken stop)
    {
        try
        {
            await LookForWorkAsync(stop);
        }
        catch (PlatformProblemException e)
        {
            _log.LogWarning("Line {Line}: no fresh list of orders: {Detail}", Id, e.Message);
        }

        string refused = "no-work";
        foreach (LineOrder order in _orders.Where(o => orderId is null || o.OrderId == orderId))
        {
            int done = await Ledger.AskAsync(db => LedgerQueries.VerifiedOf(db, order.OrderId));
            int left = order.Target - Math.Max(done, order.Verified);
            if (order.BatchState == "suspended")
            {
                refused = "batch-suspended";
            }
            else if (left <= 0)
            {
                refused = "target-met";
            }
            else
            {
                string run = Guid.NewGuid().ToString("N")[..12];
                return await Loop.CommandAsync(id => new LineEvent.Start(
                    id, who, new RunOrder(run, order.OrderId, order.BatchId, order.BatchNumber, order.Product, left)));
            }
        }

        return orderId is not null && _orders.All(o => o.OrderId != orderId) ? "no-such-order" : refused;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Loop.Dispose();
        _mirror?.Dispose();
        Ledger.Dispose();
    }

    private static LineSettings SettingsOf(LineConfiguration line, Station station, int? maxUnconfirmed) => new()
    {
        Station = station,
        GateOnWeb = line.Gate is not null,
        SendAhead = line.SendAhead,
        LabelsToScanner = line.LabelsToScanner,
        VerdictWithinMs = (int)line.VerdictWithin.TotalMilliseconds,
        MinPitchMs = (int)line.MinPitch.TotalMilliseconds,
        RunOutMs = (int)line.RunOut.TotalMilliseconds,
        BadReadsInRow = line.Hold.BadReadsInRow,
        BadReadBucket = line.Hold.BadReadBucket,
        MaxUnconfirmed = maxUnconfirmed ?? 0,
        SupplyLow = line.Codes.LeaseWhenBelow,
        CheckAtRunStart = line.Checks.AtRunStart,
        CheckEveryMs = (line.Checks.EveryHours ?? 0) * 3_600_000L,
        CheckNamesSuspects = line.Checks.Suspects,
        FirstArticle = line.FirstArticle,
        GateCounts = line.Gate is not null,
        GateReports = line.Gate?.Profile.Modbus.ItemReports > 0,
        ReprintOffByHand = line.Printer.Profile.ReprintOff.Manual is not null,
    };

    private async Task BeginPictureAsync()
    {
        (long confirmed, long unconfirmed, long refused) = await Ledger.AskAsync(db =>
        {
            long cursor = LedgerQueries.Cursor(db, JournalUploader.CursorName);
            long open = long.Parse(
                LedgerFile.Scalar(db, string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM journal WHERE seq > {cursor} AND kind = {(int)JournalKind.Verified}"))!,
                CultureInfo.InvariantCulture);
            return (cursor, open, LedgerQueries.Quarantined(db));
        });
        _picture.Begin(Ledger.FoldAtOpen, confirmed, unconfirmed, refused);
    }

    // Printing stops while there is still room to write down what becomes of the labels that are out.
    private async Task WatchDiskAsync(CancellationToken stop)
    {
        var disk = new DriveInfo(_folder);
        bool low = false;
        while (true)
        {
            if (_ballast.Follow(disk.AvailableFreeSpace, _lowWaterBytes))
            {
                _log.LogWarning("Line {Line}: {Free} bytes free on {Disk}, the ballast was {What}", Id, disk.AvailableFreeSpace, disk.Name, _ballast.IsThere ? "made" : "given up");
            }

            if (disk.AvailableFreeSpace < _lowWaterBytes != low)
            {
                low = !low;
                _log.LogWarning("Line {Line}: {Free} bytes free on {Disk}, {Limit} are needed to print", Id, disk.AvailableFreeSpace, disk.Name, _lowWaterBytes);
                Loop.Post(new LineEvent.StorageLow(low));
            }

            await Task.Delay(LookAtDiskEvery, _time, stop);
        }
    }

    // Nothing is printed before platform and second copy have had the chance to say that this is not the line's one and only ledger.
    private async Task RunDevicesAsync(CancellationToken stop)
    {
        await Task.WhenAny(Task.WhenAll(_uploader.FirstLook, _mirror?.FirstLook ?? Task.CompletedTask), Task.Delay(FirstLookWithin, _time, stop));
        stop.ThrowIfCancellationRequested();
        await _devices.RunAsync(Loop, stop);
    }

    private async Task UploadAsync(CancellationToken stop)
    {
        // The entry that says that we started is what a copy of this ledger cannot have: it is among the first that are sent.
        await Loop.Begun.WaitAsync(stop);
        await Ledger.AskAsync(_ => true);
        await _uploader.RunAsync(Loop.Post, stop);
        // Locked: the line goes on showing why, it only never prints again.
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
    }

    private async Task MirrorAsync(CancellationToken stop)
    {
        if (_mirror is not null)
        {
            await _mirror.RunAsync(Loop.Post, stop);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
    }

    private async Task PatrolAsync(CancellationToken stop)
    {
        await _patrol.RunAsync(_ => Loop.Post(new LineEvent.LedgerLocked("ledger-damaged")), stop);
        // Locked: what is on the belt is still judged and written down.
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
    }

    private async Task PollAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await LookForWorkAsync(stop);
                if (_line.Start == RunStart.Auto && _snapshot.State is PackMlState.Idle or PackMlState.Complete && _snapshot.AsOfSeq >= 0)
                {
                    await StartAsync(null, "auto", stop);
                }
            }
            catch (PlatformProblemException e)
            {
                _log.LogWarning("Line {Line}: poll for work: {Problem} {Detail}", Id, e.Type, e.Message);
            }

            await Task.Delay(_pollEvery, _time, stop);
        }
    }

    private async Task LookForWorkAsync(CancellationToken stop)
    {
        LineWork work = await _platform.WorkAsync(stop);
        _orders = work.Orders;
        LineOrder? ours = work.Orders.FirstOrDefault(o => o.OrderId == _snapshot.Run?.OrderId);
        // Its clock counts before the first run too: with a dead battery the first label would be printed in the year 2000.
        Loop.Post(new LineEvent.PlatformSaid(ours is null ? null : ours.BatchState == "suspended", work.NowUnixMs));
    }
}
