using System.Text;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The XML that a printer answers to <c>^HZF</c>, of which one element counts: <c>REPRINT-AFTER-ERROR</c>, Y or N. It is
/// looked for in the text, because some printers write one line that is no XML. Nothing is believed before the document has
/// ended, and nothing of one that is longer than <see cref="BytesMax"/> or says it twice. Source: ZPL Programming Guide,
/// ^HZ and its table of format settings.
/// </summary>
internal sealed class SettingsDocument
{
    /// <summary>Longest document: the whole table of format settings is 2 kB.</summary>
    public const int BytesMax = 16 * 1024;

    private const string Element = "<REPRINT-AFTER-ERROR";
    private const string Closing = "</REPRINT-AFTER-ERROR>";

    private static ReadOnlySpan<byte> Begin => "<ZEBRA-ELTRON-PERSONALITY>"u8;

    private static ReadOnlySpan<byte> End => "</ZEBRA-ELTRON-PERSONALITY>"u8;

    private readonly byte[] _text = new byte[BytesMax];
    private int _length;

    /// <summary>True between begin and end.</summary>
    public bool IsOpen => _length >= Begin.Length;

    /// <summary>Takes one byte; false when it belongs to no document.</summary>
    public bool Take(byte b, Action<PrinterReply> reply)
    {
        if (!IsOpen)
        {
            // The word has one opening bracket, so a mismatch can only begin it anew.
            _length = b == Begin[_length] ? _length : 0;
            if (b != Begin[_length])
            {
                return false;
            }
        }

        _text[_length++] = b;
        if (b == (byte)'>' && _text.AsSpan(0, _length).EndsWith(End))
        {
            if (Value(Encoding.Latin1.GetString(_text, 0, _length)) is { } value)
            {
                reply(new PrinterReply.Reprints(value));
            }

            Forget();
        }
        else if (_length == BytesMax)
        {
            Forget();
        }

        return true;
    }

    /// <summary>Forgets what has come so far.</summary>
    public void Forget() => _length = 0;

    private static bool? Value(string text)
    {
        int at = text.IndexOf(Element, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(Element, at + 1, StringComparison.Ordinal) >= 0)
        {
            return null;
        }

        int open = text.IndexOf('>', at);
        int close = text.IndexOf(Closing, at, StringComparison.Ordinal);
        return open < 0 || close < open
            ? null
            : text[(open + 1)..close].Trim().ToUpperInvariant() switch { "N" or "NO" => false, "Y" or "YES" => true, _ => null };
    }
}
