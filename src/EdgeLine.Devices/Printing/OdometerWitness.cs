namespace EdgeLine.Devices.Printing;

/// <summary>
/// Holds the labels that a printer says it printed against the formats that it was sent. More is somebody else's: another
/// program that writes to it, or its reprint key. Fewer is no error: labels are lost in faults and cancelled.
/// </summary>
/// <remarks>
/// What it was sent is counted before the bytes leave and what it says is compared when its answer is here, so a label on
/// its way between the two can only hide one too many, never make one up.
/// </remarks>
/// <param name="blankLabelsMax">Labels that it may feed after its head was closed.</param>
/// <param name="time">Clock of the settling time.</param>
internal sealed class OdometerWitness(int blankLabelsMax, TimeProvider time)
{
    /// <summary>A label in progress, and formats that were still in the wire when it was told to forget them, are out by then.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(2);

    private long? _from;
    private long _last;
    private long? _headOpened;
    private long _changedAt;
    private long _sent;
    private long _spare;
    private bool _settled;
    private bool _healthy;

    /// <summary>
    /// It was told to forget what it has: counting begins anew. Unless it stood still, a label in progress comes out yet.
    /// </summary>
    public void Cleared()
    {
        bool still = _from is not null && _healthy && time.GetElapsedTime(_changedAt) >= Settles;
        (_from, _sent, _spare, _settled) = (null, 0, still ? 0 : 1, still);
    }

    /// <summary>Formats that are about to leave.</summary>
    public void Sending(int formats) => (_sent, _changedAt) = (_sent + formats, time.GetTimestamp());

    /// <summary>Formats of which not one byte left after all.</summary>
    public void NotSent(int formats) => _sent -= formats;

    /// <summary>Takes a reading; more than 0 for so many labels too many, each told once.</summary>
    /// <param name="labels">Labels that it printed in its life.</param>
    /// <param name="headOpened">How often its head was opened; null when it does not say.</param>
    /// <param name="healthy">False while something is wrong with it: what lies under its head may come out as a label.</param>
    public long Surplus(long labels, long? headOpened, bool healthy)
    {
        if (_from is not { } from || labels < _last)
        {
            // The first reading since then, or another odometer.
            from = labels;
            _changedAt = time.GetTimestamp();
        }

        if (!healthy || (_headOpened is not null && headOpened != _headOpened))
        {
            _spare = Math.Max(_spare, 1 + blankLabelsMax);
            (_settled, _changedAt) = (false, time.GetTimestamp());
        }

        if (labels != _last)
        {
            _changedAt = time.GetTimestamp();
        }

        (_last, _headOpened, _healthy) = (labels, headOpened ?? _headOpened, healthy);
        if (_sent == 0 && !_settled)
        {
            // Nothing of ours can be among them yet: what comes out now is from before.
            from = labels;
            _settled = time.GetElapsedTime(_changedAt) >= Settles;
            _spare = _settled ? 0 : _spare;
        }

        long surplus = Math.Max(0, labels - from - _sent - _spare);
        _from = from + surplus;
        return surplus;
    }
}
