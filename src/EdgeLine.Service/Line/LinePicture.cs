using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Line;

/// <summary>
/// Makes the snapshots of a line: at once when its state changes, else at most ten times a second. Written by the line
/// loop only; readers get whole, immutable pictures.
/// </summary>
public sealed class LinePicture(string lineId, string title, Station station, TimeProvider time, Action<LineSnapshot> publish)
{
    /// <summary>Shortest time between two pictures that differ in numbers only, milliseconds.</summary>
    private const long NumbersEveryMs = 100;

    private readonly LinkedList<VerdictSnapshot> _verdicts = new();
    private LineFold _fold = new();
    private long _lastMs = long.MinValue / 2;
    private (PackMlState, string, int, CheckSnapshot?, FirstArticleSnapshot?, ReprintOffSnapshot?) _shown;
    private (DeviceSnapshot Printer, DeviceSnapshot Scanner, DeviceSnapshot? Gate) _shownDevices;
    private long _sinceWallMs;
    private bool _urgent = true;
    private bool _dirty = true;
    private ReworkCard? _card;
    private long _confirmedSeq;
    private long _unconfirmedVerified;
    private long _refused;
    private DeviceSnapshot _platform = new();
    private Exposure _onlyHere = new(0, 0, 0);
    private (long Seq, DeviceSnapshot State, long SinceMs)? _mirror;

    /// <summary>After so long without the second copy people are told, milliseconds.</summary>
    private const long MirrorMissedAfterMs = 30_000;

    /// <summary>State of the devices, as their drivers tell; read when a picture is made.</summary>
    public Func<(DeviceSnapshot Printer, DeviceSnapshot Scanner, DeviceSnapshot? Gate)> Devices { get; set; } =
        () => (new DeviceSnapshot(), new DeviceSnapshot(), null);

    /// <summary>What a person must switch off at the printer, from its profile; null where software can.</summary>
    public OperatorHint? ReprintOffWords { get; init; }

    /// <summary>Conditions outside the core that people should know of, and whether each is so now.</summary>
    public IEnumerable<(string Key, bool Active)> OutsideAlarms =>
        [
            ("account-remainder", _fold.Account.Remainder != 0),
            ("platform-refused", _refused > 0),
            ("platform-down", _platform.State == "down"),
            ("mqtt-down", MqttDown()),
            ("mirror-down", MirrorIsBehind()),
        ];

    /// <summary>Whether a broker is configured and not reached; asked about once a second.</summary>
    public Func<bool> MqttDown { get; set; } = () => false;

    /// <summary>Begins with what the ledger has.</summary>
    public void Begin(LineFold fold, long confirmedSeq, long unconfirmedVerified, long refused)
    {
        ArgumentNullException.ThrowIfNull(fold);
        (_fold, _confirmedSeq, _unconfirmedVerified, _refused) = (fold, confirmedSeq, unconfirmedVerified, refused);
    }

    /// <summary>Takes over numbers that are on disk.</summary>
    public void Follow(CommittedEntries committed)
    {
        ArgumentNullException.ThrowIfNull(committed);
        _fold = committed.Fold;
        _unconfirmedVerified += committed.Entries.Count(e => e.Kind == Contracts.JournalKind.Verified);
        _dirty = true;
    }

    /// <summary>Takes over what the platform confirmed.</summary>
    public void Follow(UploadNews news)
    {
        switch (news)
        {
            case UploadNews.Accepted a:
                _confirmedSeq = a.Through;
                _unconfirmedVerified -= a.VerifiedAmongThem;
                _refused = a.RefusedInAll;
                _platform = new DeviceSnapshot("up");
                break;
            case UploadNews.Outage o:
                _platform = new DeviceSnapshot("down", "platform-down", "", o.Detail);
                break;
            case UploadNews.Locked l:
                _platform = new DeviceSnapshot("fault", SecondPast.ReasonOf(l.Detail), "", l.Detail);
                break;
            default:
                break;
        }

        _dirty = true;
    }

    /// <summary>There is a second copy, of which nothing is known yet.</summary>
    public void ExpectMirror() => _mirror = (0, new DeviceSnapshot(), NowMs());

    /// <summary>Takes over how far the second copy is.</summary>
    public void Follow(MirrorNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        DeviceSnapshot state = news.Locked.Length > 0 ? new("fault", SecondPast.BehindCopy, "", news.Locked)
            : news.Problem.Length > 0 ? new("down", "mirror-down", "", news.Problem)
            : new("up");
        // What is late counts from the last time that something was written.
        _mirror = (news.Through, state, state.State == "up" || _mirror is null ? NowMs() : _mirror.Value.SinceMs);
        _dirty = true;
    }

    /// <summary>Takes over how much only this PC knows.</summary>
    public void Follow(Exposure onlyHere) => (_onlyHere, _dirty) = (onlyHere, true);

    private bool MirrorIsBehind() =>
        _mirror is { } mirror && (mirror.State.State != "up" || mirror.Seq < _fold.AsOfSeq) && NowMs() - mirror.SinceMs >= MirrorMissedAfterMs;

    private long NowMs() => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Shows a verdict among the last ten.</summary>
    public void Show(VerdictSnapshot verdict)
    {
        _verdicts.AddFirst(verdict);
        if (_verdicts.Count > 10)
        {
            _verdicts.RemoveLast();
        }

        _dirty = true;
    }

    /// <summary>Shows the answer to a rework scan at once, and that one is looked for only where it takes a while.</summary>
    public void Show(ReworkCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        (_card, _dirty) = (card, true);
        _urgent |= card.IsAnswer;
    }

    /// <summary>Publishes a picture when one is due.</summary>
    public void Update(PackagingLine core, long nowMs, RunOrder? run)
    {
        ArgumentNullException.ThrowIfNull(core);
        var shown = (core.State, core.Reason, core.Alarms.Version, core.CheckPicture, core.FirstArticlePicture, core.ReprintOffPicture);
        bool urgent = _urgent || shown != _shown;
        if (!urgent && nowMs - _lastMs < NumbersEveryMs)
        {
            return;
        }

        var devices = Devices();
        if (shown.Item1 != _shown.Item1 || shown.Item2 != _shown.Item2 || _sinceWallMs == 0)
        {
            _sinceWallMs = time.GetUtcNow().ToUnixTimeMilliseconds() - (nowMs - core.SinceMs);
        }

        bool changed = urgent || _dirty || devices != _shownDevices;
        (_urgent, _dirty, _shown, _shownDevices, _lastMs) = (false, false, shown, devices, nowMs);
        if (changed)
        {
            publish(Make(core, run));
        }
    }

    /// <summary>Publishes a picture at once.</summary>
    public void Publish(PackagingLine core)
    {
        ArgumentNullException.ThrowIfNull(core);
        publish(Make(core, core.Run));
    }

    private LineSnapshot Make(PackagingLine core, RunOrder? run)
    {
        (DeviceSnapshot printer, DeviceSnapshot scanner, DeviceSnapshot? gate) = _shownDevices;
        return new LineSnapshot
        {
            LineId = lineId,
            Title = title,
            Station = station.ToString().ToLowerInvariant(),
            State = core.State,
            Reason = core.Reason,
            ReasonArgs = new Dictionary<string, string> { ["max"] = core.ClearanceMax.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            SinceUnixMs = _sinceWallMs,
            Run = run is not null || core.State is PackMlState.Complete or PackMlState.Completing ? _fold.LastRun : null,
            RunActive = run is not null || core.State == PackMlState.Completing,
            Check = core.CheckPicture,
            FirstArticle = core.FirstArticlePicture,
            ReprintOff = core.ReprintOffPicture with { En = ReprintOffWords?.En ?? "", Zh = ReprintOffWords?.Zh ?? "" },
            Media = core.Media,
            RunCounts = _fold.RunCounts,
            Totals = _fold.Totals,
            Account = _fold.Account,
            AsOfSeq = _fold.AsOfSeq,
            ConfirmedSeq = _confirmedSeq,
            PlatformConfirmed = Math.Max(0, _fold.Account.Verified - _unconfirmedVerified - _refused),
            PlatformRefused = _refused,
            MirroredSeq = _mirror?.Seq,
            Mirror = _mirror?.State,
            OnlyHere = _onlyHere,
            Printer = printer,
            Scanner = scanner with { ReadPercent = core.ReadRate, OffsetItems = core.OffsetItems },
            Gate = gate,
            Platform = _platform,
            StopReason = core.Stop,
            Blocked = core.Blocked,
            Starved = core.Starved,
            Alarms = core.Alarms.Active,
            LastVerdicts = [.. _verdicts],
            Rework = _card,
            Actions = LineActions.Of(core),
            InFlight = core.InFlightCount,
            CodesLeft = _fold.Account.Available,
            LeaseExpiresUnixMs = core.LeaseExpiresMs,
        };
    }
}
