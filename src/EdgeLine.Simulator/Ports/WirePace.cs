namespace EdgeLine.Simulator.Ports;

/// <summary>
/// How long a serial wire of a given speed needs: start bit, eight bits and stop bit for each byte. Says for each bite when
/// its last bit has passed, so that a thread that wakes too late catches up and the wire as a whole is never faster or
/// slower than it is. For one direction and one thread.
/// </summary>
internal sealed class WirePace(int baud, TimeProvider time)
{
    /// <summary>Bits of one byte as 8N1.</summary>
    public const int BitsPerByte = 10;

    private long _freeAt = time.GetTimestamp();

    /// <summary>Bytes to take at once: about two milliseconds of the wire, so that its buffers hold hardly anything.</summary>
    public int Bite { get; } = Math.Max(baud / BitsPerByte / 500, 1);

    /// <summary>The wire has nothing to carry: time from here on is not made up for.</summary>
    public void Idle() => _freeAt = Math.Max(_freeAt, time.GetTimestamp());

    /// <summary>Puts bytes on the wire; returns how long until they are through, zero or less when they are already.</summary>
    public TimeSpan Carry(int bytes)
    {
        _freeAt += (long)bytes * BitsPerByte * time.TimestampFrequency / baud;
        return TimeSpan.FromSeconds((double)(_freeAt - time.GetTimestamp()) / time.TimestampFrequency);
    }
}
