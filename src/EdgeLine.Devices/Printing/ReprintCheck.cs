using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Whether the printer has said, since it was switched on, that it prints no label again after an error (P1). The setting
/// cannot be stored: each power-up switches it on. Source: ZPL Programming Guide, ^JZ and ^HZ.
/// </summary>
/// <param name="profile">The model; one without a read-back is never asked.</param>
/// <param name="link">Where it is asked: like a label, in its turn.</param>
/// <param name="time">Clock of the bound.</param>
internal sealed class ReprintCheck(PrinterProfile profile, DeviceLink link, TimeProvider time)
{
    // It may be busy with a label of before, and the document takes its time on a slow wire.
    private readonly TimeSpan _bound =
        profile.Status.SilentAfter + profile.Timings.SendTimeout + link.WireTime(SettingsDocument.BytesMax);

    private bool _wanted;
    private bool _isOff = profile.ReprintOff.ReadBack is null;
    private long? _askedAt;

    /// <summary>The bytes that forbid the repeat and ask whether it obeys. They print nothing.</summary>
    public static byte[] Question { get; } = "^XA^JZN^XZ\r\n^XA^HZF^XZ\r\n"u8.ToArray();

    /// <summary>True while an answer is awaited.</summary>
    public bool IsAwaited => !_isOff && _askedAt is not null;

    /// <summary>What is wrong, for people; null while nothing is known to be.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when it may print. A healthy printer that has not answered yet is asked.</summary>
    public bool MayPrint()
    {
        _wanted = true;
        return _isOff;
    }

    /// <summary>True when the question is due: once, and again each time the bound has passed.</summary>
    public bool IsDue()
    {
        bool late = _askedAt is { } at && time.GetElapsedTime(at) > _bound;
        if (_isOff || !_wanted || (_askedAt is not null && !late))
        {
            return false;
        }

        if (late)
        {
            Problem ??= FormattableString.Invariant(
                $"it does not say whether it repeats labels after an error: no answer to ^HZF for {_bound.TotalMilliseconds:0} ms. ")
                + $"Choose a profile without readBack if this is no {profile.Device.Model}";
        }

        _askedAt = time.GetTimestamp();
        return true;
    }

    /// <summary>It answered.</summary>
    public void Take(PrinterReply.Reprints answer)
    {
        if (!IsAwaited)
        {
            return;
        }

        _isOff = !answer.Value;
        Problem = answer.Value
            ? "it repeats labels after an error although it was told ^JZN: REPRINT-AFTER-ERROR is Y. Switch it off and on; "
                + "if that does not help, do not use it"
            : null;
    }

    /// <summary>It was, or may have been, switched off: what it said is void.</summary>
    public void StartAgain() => (_wanted, _isOff, _askedAt, Problem) = (false, profile.ReprintOff.ReadBack is null, null, null);
}
