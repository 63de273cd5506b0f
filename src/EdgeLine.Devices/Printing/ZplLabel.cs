using System.Text;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The label of one run: everything but the code is ready in bytes. Each label is exactly one format that starts from
/// a known state, prints once, and in which no data can act as a command.
/// </summary>
public sealed class ZplLabel
{
    /// <summary>Reprint off, map cleared, UTF-8, upright, unmirrored, positive, unturned, home, top, bar code
    /// defaults.</summary>
    internal static readonly byte[] Opening = "^XA^JZN^MCY^CI28^PON^PMN^LRN^FWN^LH0,0^LT0^BY2,3,10^CVY"u8.ToArray();

    /// <summary>One label, no pause, no replicates.</summary>
    internal static readonly byte[] Closing = "^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly byte[][] _pieces;
    private readonly bool[] _isUrl;
    private readonly int _fixedLength;
    private readonly QrGraphic? _symbol;

    // One code field stands between each two pieces. With a symbol the URL is drawn, without it is text for the printer.
    internal ZplLabel(byte[][] pieces, bool[] isUrl, QrGraphic? symbol)
    {
        _symbol = symbol;
        _pieces = pieces;
        _isUrl = isUrl;
        _fixedLength = pieces.Sum(static p => p.Length);
    }

    /// <summary>The format of one label; where the printer draws the code, one array and nothing else is allocated.</summary>
    /// <param name="url">Text of the QR symbol: printable ASCII without spaces.</param>
    /// <param name="text">The code for people: printable ASCII.</param>
    /// <exception cref="ArgumentException">A text is not as it must be; codes and URLs are checked long
    /// before.</exception>
    public byte[] Compose(ReadOnlySpan<char> url, ReadOnlySpan<char> text)
    {
        if (!IsUrl(url) || text.IsEmpty || !IsWithin(text, ' '))
        {
            throw new ArgumentException($"Not a code for a label: '{url}', '{text}'.");
        }

        if (_symbol is not null && QrSize.Modules(url.Length, _symbol.Level) is var modules && (modules == 0 || modules > _symbol.Modules))
        {
            throw new ArgumentException($"Longer than the codes of this label: '{url}'.");
        }

        byte[] drawn = _symbol is null ? [] : Encoding.ASCII.GetBytes(_symbol.Command(new string(url)));
        int urlLength = _symbol is null ? ZplText.EscapedLength(url) : drawn.Length, textLength = ZplText.EscapedLength(text), length = _fixedLength;
        foreach (bool isUrl in _isUrl)
        {
            length += isUrl ? urlLength : textLength;
        }

        byte[] format = new byte[length];
        int at = 0;
        for (int i = 0; i < _pieces.Length; i++)
        {
            _pieces[i].CopyTo(format, at);
            at += _pieces[i].Length;
            if (i < _isUrl.Length && _isUrl[i] && _symbol is not null)
            {
                drawn.CopyTo(format, at);
                at += drawn.Length;
            }
            else if (i < _isUrl.Length)
            {
                at += ZplText.Escape(_isUrl[i] ? url : text, format.AsSpan(at));
            }
        }

        return format;
    }

    /// <summary>
    /// The same label with its constant part kept in the printer; null where the code is drawn here, because a drawing
    /// fills no field.
    /// </summary>
    public StoredFormat? ToStored() => _symbol is null ? StoredFormat.Of(_pieces, _isUrl) : null;

    /// <summary>The constant part as text, with a mark where the code goes; for people and doctor.</summary>
    public override string ToString() =>
        string.Join("{code}", _pieces.Select(static p => Encoding.UTF8.GetString(p)));

    internal static bool IsUrl(ReadOnlySpan<char> url) => url.Length is > 0 and <= 400 && IsWithin(url, '!');

    private static bool IsWithin(ReadOnlySpan<char> text, char lowest)
    {
        foreach (char c in text)
        {
            if (c < lowest || c > '~')
            {
                return false;
            }
        }

        return true;
    }
}
