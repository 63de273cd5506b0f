using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// Frames with a start and an end, such as STX..ETX. No symbol can put a byte outside of them, so a text known to stand there is the
/// reader's own: its heartbeat, or a no-read text without frame. Line ends there mean nothing; anything else is noise.
/// </summary>
internal sealed class DelimiterCutter : FrameCutter
{
    private readonly FrameBuffer _frame;
    private readonly byte _start;
    private readonly byte[][] _known;
    private readonly List<byte> _outside = [];
    private readonly int _outsideMax;
    private bool _inside;

    public DelimiterCutter(ScannerProfile profile, CutHandler handler)
        : base(handler)
    {
        _frame = new FrameBuffer(profile.Framing.Ends, profile.Framing.MaxBytes);
        _start = (byte)profile.Framing.Start![0];
        List<string> known = profile.NoReadHasEnd ? [] : [.. profile.NoRead];
        if (profile.Liveness?.Text is { } heartbeat)
        {
            known.Add(heartbeat);
        }

        _known = [.. known.Select(Encoding.Latin1.GetBytes)];
        _outsideMax = _known.Select(text => text.Length).DefaultIfEmpty(0).Max();
    }

    public override bool IsOpen => _inside || _outside.Exists(b => !IsLineEnd(b));

    public override ReadOnlySpan<byte> Open => _inside && !_frame.IsTooLong ? _frame.Content : [];

    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_inside)
            {
                if (_frame.Take(ref bytes))
                {
                    End();
                }

                continue;
            }

            int start = bytes.IndexOf(_start);
            foreach (byte b in start < 0 ? bytes : bytes[..start])
            {
                Outside(b);
            }

            if (start < 0)
            {
                return;
            }

            EndOutside();
            _inside = true;
            bytes = bytes[(start + 1)..];
        }
    }

    public override void End()
    {
        EndOutside();
        if (_inside)
        {
            Cut cut = _frame.IsTooLong ? Cut.TooLong : Cut.Frame;
            ReadOnlySpan<byte> frame = Open;
            _inside = false;
            _frame.Clear(); // the bytes stay where they are until the next ones come
            Tell(cut, frame);
        }
    }

    public override void Drop()
    {
        _inside = false;
        _frame.Clear();
        _outside.Clear();
    }

    private void Outside(byte b)
    {
        _outside.Add(b);
        foreach (byte[] text in _known)
        {
            if (System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_outside).EndsWith(text))
            {
                _outside.RemoveRange(_outside.Count - text.Length, text.Length);
                EndOutside();
                Tell(Cut.Between, text);
                return;
            }
        }

        if (_outside.Count > _outsideMax)
        {
            bool noise = !IsLineEnd(_outside[0]);
            _outside.RemoveAt(0);
            if (noise)
            {
                Tell(Cut.Noise, []);
            }
        }
    }

    private void EndOutside()
    {
        bool noise = _outside.Exists(b => !IsLineEnd(b));
        _outside.Clear();
        if (noise)
        {
            Tell(Cut.Noise, []);
        }
    }

    private static bool IsLineEnd(byte b) => b is (byte)'\r' or (byte)'\n';
}
