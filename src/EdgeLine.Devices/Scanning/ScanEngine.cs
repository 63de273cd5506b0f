using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// Cuts the bytes of one connection into frames and says what each is, driven by a profile. Pure: bytes and times in,
/// events out, no clock and no waiting. However the bytes are split or joined, the events are the same.
/// </summary>
/// <remarks>
/// An answer to a command is recognised only while a question of ours is open. On a conveyor a frame that looks like an answer at any
/// other time ends the connection: counted as an item it would give each later read to its neighbour, and so would a symbol with
/// such a text that is left out. The same goes for everything else of which nobody can tell how many items it is.
/// </remarks>
public sealed partial class ScanEngine
{
    /// <summary>Answers of the reject output that may be due; a reader that owes more is one that does not answer.</summary>
    private const int PulsesMax = 8;

    // A reader sends a frame in one go, so half a frame for this long is a broken link, not a slow one.
    private static readonly TimeSpan HalfFrameMin = TimeSpan.FromSeconds(1);
    private const int AnswersMax = 8;

    private readonly ScannerProfile _profile;
    private readonly Action<ScannerEvent> _events;
    private readonly int _generation;
    private readonly FrameCutter _cutter;
    private readonly Queue<byte[]> _answers = new();
    private readonly string _question;
    private long _now;
    private bool _asked;
    private int _pulses;
    private bool _isStale;
    private bool _dropFrame;

    /// <summary>For one connection.</summary>
    public ScanEngine(ScannerProfile profile, int generation, Action<ScannerEvent> events)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _generation = generation;
        _events = events;
        _cutter = FrameCutter.For(profile, Piece, Answer);
        _question = profile.Liveness?.Ask.Trim('\r', '\n', '\u0002', '\u0003', '\u001b') ?? "";
        SilenceEndsFrame = profile.Framing.Idle > TimeSpan.Zero && !profile.OneFramePerTrigger;
    }

    /// <summary>True when a frame was begun and not ended.</summary>
    public bool IsInFrame => _cutter.IsOpen;

    /// <summary>True while a question of ours has no answer.</summary>
    public bool IsAsked => _asked;

    /// <summary>The last answer or heartbeat; null before the first.</summary>
    public string? SignOfLife { get; private set; }

    /// <summary>Called at each sign of life, before the frames behind it are looked at.</summary>
    public Action? Alive { get; set; }

    /// <summary>Call <see cref="Idle"/> when a frame is open and no byte came for this long.</summary>
    public TimeSpan IdleLimit => SilenceEndsFrame || OpenIsNoRead || _profile.Framing.Idle > HalfFrameMin ? _profile.Framing.Idle : HalfFrameMin;

    // With one frame per trigger a split frame would count as two items, so there silence never ends a frame.
    private bool SilenceEndsFrame { get; }

    private bool OpenIsNoRead => !_profile.NoReadHasEnd && AreNoReads(Encoding.Latin1.GetString(_cutter.Open));

    /// <summary>
    /// What comes from now on was read before the connection, until <see cref="Begin"/>: it is taken off the wire and gives no event.
    /// </summary>
    public void HoldBack() => _isStale = true;

    /// <summary>Frames that begin from now on are reads.</summary>
    public void Begin()
    {
        if (_isStale)
        {
            (_isStale, _dropFrame) = (false, _cutter.IsOpen);
        }
    }

    /// <summary>Says that a question was sent: the next frame that looks like an answer is one.</summary>
    public void Ask() => _asked = true;

    /// <summary>Its reject output is about to be switched; an answer to that is no read, as long as one is due.</summary>
    public void Pulse() => _pulses = _profile.Outputs?.Answer is null ? 0 : Math.Min(_pulses + 1, PulsesMax);

    /// <summary>Takes the next bytes that the reader is to be answered with, at most eight packets.</summary>
    public bool TryTakeAnswer(out byte[] bytes) => _answers.TryDequeue(out bytes!);

    /// <summary>Takes bytes as they came.</summary>
    /// <exception cref="DeviceLinkException">Nobody can tell any more which frame belongs to which item.</exception>
    public void Feed(ReadOnlySpan<byte> bytes, long timestamp)
    {
        _now = timestamp;
        _cutter.Feed(bytes);
    }

    /// <summary>No byte came for <see cref="IdleLimit"/>: ends the open frame, if there is one.</summary>
    /// <exception cref="DeviceLinkException">The profile does not let silence end a frame; the connection is out of
    /// step.</exception>
    public void Idle(long timestamp)
    {
        _now = timestamp;
        if (!IsInFrame)
        {
            return;
        }

        if (_isStale || _dropFrame)
        {
            _cutter.Drop();
            _dropFrame = false;
        }
        else if (SilenceEndsFrame || OpenIsNoRead)
        {
            _cutter.End();
        }
        else
        {
            throw new DeviceLinkException(
                $"The scanner stopped in the middle of a frame for {IdleLimit.TotalMilliseconds:0} ms. "
                + "Check that the reader ends each frame as its profile says.");
        }
    }

    private void Piece(Cut cut, ReadOnlySpan<byte> bytes)
    {
        switch (cut)
        {
            case Cut.Noise:
                OutOfStepUnless(_isStale || !_profile.OneFramePerTrigger, "sends bytes outside of its frames");
                break;
            case Cut.Between:
                Between(Encoding.Latin1.GetString(bytes));
                break;
            default:
                bool drop = _dropFrame;
                _dropFrame = false;
                if (!drop)
                {
                    Frame(cut, bytes);
                }

                break;
        }
    }

    private void Lives(string sign)
    {
        SignOfLife = sign;
        Alive?.Invoke();
    }

    private void Frame(Cut cut, ReadOnlySpan<byte> bytes)
    {
        if (cut == Cut.TooLong)
        {
            Tell(new ScannerEvent.Garbled($"a frame is longer than {_profile.Framing.MaxBytes} bytes", _now, _generation));
        }
        else if (!bytes.IsEmpty)
        {
            Classify(Encoding.Latin1.GetString(bytes));
        }
        else if (_profile.Framing.EmptyIsNoRead)
        {
            Tell(new ScannerEvent.NoRead("", _now, _generation));
        }
    }

    private void Tell(ScannerEvent heard)
    {
        if (!_isStale)
        {
            _events(heard);
        }
    }

    private void Answer(byte[] bytes)
    {
        if (_answers.Count < AnswersMax)
        {
            _answers.Enqueue(bytes);
        }
    }

    private static void OutOfStepUnless(bool fine, string what)
    {
        if (!fine)
        {
            throw new DeviceLinkException(
                $"The scanner {what}, so nobody can tell which frame belongs to which item. Check that it is set as its profile says.");
        }
    }
}
