namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Cuts a stream of bytes into formats (<c>^XA</c> to <c>^XZ</c>, raw) and immediate commands (<c>~HS</c> and so on),
/// however the bytes were split on the way. Written from the ZPL II programming guide, not from EdgeLine's own driver.
/// </summary>
internal sealed class ZplReader
{
    private readonly List<byte> _format = [];
    private byte _caret = (byte)'^';
    private byte _tilde = (byte)'~';
    private At _at = At.Text;
    private bool _tildeCommand;
    private byte _first;
    private bool _powerLost;

    private enum At
    {
        Text,
        Name,
        SecondLetter,
        NewCaret,
        NewTilde,
    }

    /// <summary>A format has begun and not ended: field h of <c>~HS</c>.</summary>
    public bool InFormat { get; private set; }

    /// <summary>Bytes held for the format that is being received.</summary>
    public int PartialBytes => _format.Count;

    /// <summary>Called with each complete format.</summary>
    public required Action<byte[]> FormatComplete { get; init; }

    /// <summary>Called with each immediate command, two capital letters, the moment its second letter arrives.</summary>
    public required Action<string> Immediate { get; init; }

    /// <summary>Called with text outside a format: where set-get-do commands stand.</summary>
    public Action<byte[]>? Outside { get; init; }

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _powerLost = false;
        while (!bytes.IsEmpty && !_powerLost)
        {
            if (_at == At.Text)
            {
                int plain = bytes.IndexOfAny(_caret, _tilde);
                int taken = plain < 0 ? bytes.Length : plain;
                if (InFormat)
                {
                    _format.AddRange(bytes[..taken]);
                }
                else if (taken > 0)
                {
                    Outside?.Invoke(bytes[..taken].ToArray());
                }

                bytes = bytes[taken..];
                if (plain < 0)
                {
                    return;
                }
            }

            Take(bytes[0]);
            bytes = bytes[1..];
        }
    }

    /// <summary>Forgets the format that is being received: <c>~JX</c>.</summary>
    public void DropPartial()
    {
        InFormat = false;
        _format.Clear();
    }

    /// <summary>As after power-up: default prefixes, nothing received, and nothing more from bytes in hand.</summary>
    public void LosePower()
    {
        _powerLost = true;
        Reset();
    }

    /// <summary>Default prefixes, nothing received.</summary>
    public void Reset()
    {
        DropPartial();
        _at = At.Text;
        _caret = (byte)'^';
        _tilde = (byte)'~';
    }

    private void Take(byte b)
    {
        switch (_at)
        {
            case At.Text:
                _tildeCommand = b == _tilde;
                _at = At.Name;
                return;
            case At.Name when b == _caret || b == _tilde:
                _tildeCommand = b == _tilde;
                return;
            case At.Name:
                _first = b;
                _at = At.SecondLetter;
                return;
            case At.NewCaret:
                _caret = b;
                _at = At.Text;
                return;
            case At.NewTilde:
                _tilde = b;
                _at = At.Text;
                return;
            default:
                Command((char)_first, (char)b);
                return;
        }
    }

    private void Command(char first, char second)
    {
        char one = char.ToUpperInvariant(first);
        char two = char.ToUpperInvariant(second);
        _at = (one, two) switch
        {
            ('C', 'C') => At.NewCaret,
            ('C', 'T') => At.NewTilde,
            _ => At.Text,
        };
        if (_at != At.Text)
        {
            return;
        }

        if (_tildeCommand)
        {
            Immediate($"{one}{two}");
            return;
        }

        bool begin = one == 'X' && two == 'A' && !InFormat;
        InFormat |= begin;
        if (!InFormat)
        {
            return;
        }

        // Stored with the default prefix, so that a format reads the same whatever ^CC is in force.
        _format.AddRange("^"u8);
        _format.Add((byte)first);
        _format.Add((byte)second);
        if (one == 'X' && two == 'Z')
        {
            byte[] whole = [.. _format];
            DropPartial();
            FormatComplete(whole);
        }
    }
}
