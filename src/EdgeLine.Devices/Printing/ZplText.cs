using System.Globalization;
using System.Text;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Turns text into ZPL field data that can never become a command: a few harmless characters stay, every other byte of
/// its UTF-8 form is written as <c>_hh</c> for <c>^FH_</c>, and what no label should contain is refused.
/// Source: ZPL Programming Guide, ^FD, ^FH; 3,072 bytes is the limit of ^FD.
/// </summary>
internal static class ZplText
{
    public const int FieldBytesMax = 3072;

    private const string Harmless = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .-/:()+=";

    private static readonly bool[] Plain =
        [.. Enumerable.Range(0, 128).Select(c => Harmless.Contains((char)c, StringComparison.Ordinal))];

    /// <summary>Why a text cannot be field data; null when it can.</summary>
    public static string? Refuse(string text, bool mayLeaveAscii)
    {
        if (text.Length == 0)
        {
            return "it is empty";
        }

        foreach (Rune rune in text.EnumerateRunes())
        {
            // Format characters reverse or hide text; a lone surrogate is enumerated as the replacement character.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                || rune == Rune.ReplacementChar)
            {
                return $"it contains the invisible or invalid character U+{rune.Value:X4}";
            }

            if (!rune.IsAscii && !mayLeaveAscii)
            {
                return $"the printer has no font for '{rune}' (U+{rune.Value:X4})";
            }
        }

        int bytes = EscapedLength(text);
        return bytes > FieldBytesMax ? $"it needs {bytes} bytes of at most {FieldBytesMax}" : null;
    }

    /// <summary>Bytes that <see cref="Escape"/> writes.</summary>
    public static int EscapedLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        foreach (char c in text)
        {
            // A surrogate is half of a character that takes four bytes.
            length += c < 128 ? (Plain[c] ? 1 : 3) : c < 0x800 || char.IsSurrogate(c) ? 6 : 9;
        }

        return length;
    }

    /// <summary>Writes the field data; returns how many bytes.</summary>
    public static int Escape(ReadOnlySpan<char> text, Span<byte> into)
    {
        int at = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && Plain[rune.Value])
            {
                into[at++] = (byte)rune.Value;
                continue;
            }

            int count = rune.EncodeToUtf8(utf8);
            foreach (byte b in utf8[..count])
            {
                into[at++] = (byte)'_';
                into[at++] = HexDigit(b >> 4);
                into[at++] = HexDigit(b & 15);
            }
        }

        return at;
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' - 10 + value);
}
