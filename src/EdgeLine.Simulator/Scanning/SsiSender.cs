namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// The reader's end of SSI: one packet at a time, sent again with the retransmit bit after a NAK or after silence, three times at
/// most. Own arithmetic, so that a mistake of the service is not repeated here.
/// </summary>
internal sealed class SsiSender(Action<byte[]> write, TimeProvider time) : IDisposable
{
    private const int Tries = 3;
    private const int TextBytesMax = 240;
    private static readonly TimeSpan NoAnswer = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _packets = new();
    private readonly List<byte> _fromHost = [];
    private ITimer? _late;
    private int _tries;

    /// <summary>ACKs of the host get lost on the way, so many.</summary>
    public int LosesAcks { get; set; }

    /// <summary>Packets arrive damaged, so many.</summary>
    public int Damages { get; set; }

    /// <summary>NAKs of the host since the start.</summary>
    public int Naks { get; private set; }

    /// <summary>ACKs of the host since the start, the lost ones too.</summary>
    public int Acks { get; private set; }

    /// <summary>Nothing waits for an answer.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _packets.Count == 0;
            }
        }
    }

    /// <summary>Sends the text of a QR symbol, in several packets when it is long.</summary>
    public void Send(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            bool idle = _packets.Count == 0;
            do
            {
                ReadOnlySpan<byte> part = text[..Math.Min(text.Length, TextBytesMax)];
                text = text[part.Length..];
                _packets.Enqueue([(byte)(part.Length + 5), 0xF3, 0, (byte)(text.IsEmpty ? 0 : 2), 0x1C, .. part]);
            }
            while (!text.IsEmpty);
            if (idle)
            {
                Next();
            }
        }
    }

    /// <summary>Bytes of the host.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _fromHost.AddRange(bytes);
            while (_fromHost.Count > 0 && _fromHost.Count >= _fromHost[0] + 2)
            {
                byte[] packet = [.. _fromHost[..(_fromHost[0] + 2)]];
                _fromHost.RemoveRange(0, packet.Length);
                if (packet.Take(packet.Length - 2).Sum(b => b) + (packet[^2] << 8) + packet[^1] is int sum && (sum & 0xFFFF) != 0)
                {
                    throw new InvalidDataException("The host sent a packet with a wrong check sum.");
                }

                Answered(packet[1]);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _late?.Dispose();

    private void Answered(byte opcode)
    {
        if (opcode == 0xD1)
        {
            Naks++;
            Again();
        }
        else if (opcode == 0xD0)
        {
            Acks++;
            if (LosesAcks > 0)
            {
                LosesAcks--;
                Again(); // as after silence, only sooner
            }
            else if (_packets.TryDequeue(out _))
            {
                Next();
            }
        }
    }

    private void Next()
    {
        _tries = 0;
        _late?.Dispose();
        Transmit();
    }

    private void Again()
    {
        if (_tries < Tries)
        {
            Transmit();
        }
        else if (_packets.TryDequeue(out _))
        {
            Next();
        }
    }

    private void Transmit()
    {
        if (!_packets.TryPeek(out byte[]? packet))
        {
            return;
        }

        byte[] bytes = [.. packet];
        bytes[3] |= (byte)(_tries++ > 0 ? 1 : 0);
        int sum = 0x10000 - bytes.Sum(b => b);
        bool damage = Damages > 0;
        Damages -= damage ? 1 : 0;
        _late?.Dispose();
        _late = time.CreateTimer(_ => Late(), null, NoAnswer, Timeout.InfiniteTimeSpan);
        write([.. bytes, (byte)(sum >> 8), (byte)(damage ? ~sum : sum)]);
    }

    private void Late()
    {
        lock (_lock)
        {
            Again();
        }
    }
}
