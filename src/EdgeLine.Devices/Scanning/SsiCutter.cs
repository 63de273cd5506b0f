using System.Buffers.Binary;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// SSI packets: checks length and sum, answers each with ACK or NAK, takes a packet that is sent again once, and joins a symbol
/// that comes in several packets.
/// </summary>
internal sealed class SsiCutter(int maxBytes, CutHandler handler, Action<byte[]> answer) : FrameCutter(handler)
{
    private const int CheckSumBytes = 2;
    private readonly byte[] _packet = new byte[byte.MaxValue + CheckSumBytes];
    private readonly byte[] _symbol = new byte[maxBytes];
    private byte[] _lastTaken = [];
    private int _length;
    private int _symbolLength;
    private bool _moreToCome;
    private bool _tooLong;

    public override bool IsOpen => _length > 0 || _moreToCome;

    public override ReadOnlySpan<byte> Open => [];

    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _packet[_length++] = b;
            if (_packet[0] < SsiPacket.HeaderBytes)
            {
                _length = 0; // no packet begins like this
            }
            else if (_length == _packet[0] + CheckSumBytes)
            {
                _length = 0;
                Packet(_packet.AsSpan(0, _packet[0]), BinaryPrimitives.ReadUInt16BigEndian(_packet.AsSpan(_packet[0])));
            }
        }
    }

    public override void End()
    {
        // The character time-out: what was broken off comes again.
        bool brokenOff = _length > 0;
        Drop();
        if (brokenOff)
        {
            answer(SsiPacket.SendAgain);
        }
    }

    public override void Drop() => (_length, _symbolLength, _moreToCome, _tooLong) = (0, 0, false, false);

    private void Packet(ReadOnlySpan<byte> packet, ushort checkSum)
    {
        (byte opcode, byte source, byte status) = (packet[1], packet[2], packet[3]);
        if (SsiPacket.CheckSum(packet) != checkSum)
        {
            answer(SsiPacket.SendAgain);
            return;
        }

        // Our own bytes on an echoing line, and answers, are not answered.
        if (source == SsiPacket.FromHost || opcode is SsiPacket.Ack or SsiPacket.Nak)
        {
            return;
        }

        answer(SsiPacket.Taken);
        byte[] taken = packet.ToArray();
        taken[3] &= unchecked((byte)~SsiPacket.Retransmit);
        bool again = (status & SsiPacket.Retransmit) != 0 && taken.AsSpan().SequenceEqual(_lastTaken);
        _lastTaken = taken;
        if (!again && opcode == SsiPacket.Decoded)
        {
            Decoded(packet[SsiPacket.HeaderBytes..], (status & SsiPacket.MoreFollows) != 0);
        }
    }

    // Each packet begins with the kind of symbol. That of a continued one is not in any source we have; a symbol of more than
    // 250 characters is never ours.
    private void Decoded(ReadOnlySpan<byte> data, bool more)
    {
        ReadOnlySpan<byte> text = data.IsEmpty ? data : data[1..];
        if (_tooLong || text.Length > _symbol.Length - _symbolLength)
        {
            _tooLong = true;
        }
        else
        {
            text.CopyTo(_symbol.AsSpan(_symbolLength));
            _symbolLength += text.Length;
        }

        _moreToCome = more;
        if (!more)
        {
            (Cut cut, int length) = _tooLong ? (Cut.TooLong, 0) : (Cut.Frame, _symbolLength);
            (_symbolLength, _tooLong) = (0, false);
            Tell(cut, _symbol.AsSpan(0, length));
        }
    }
}
