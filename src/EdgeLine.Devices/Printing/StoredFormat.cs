using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The constant part of a run's labels as a format in the printer's RAM (<c>^DF</c>), and the short label that recalls it
/// (<c>^XF</c>). Its name is a hash of what it holds, so a name never means two layouts. Lost at power-off: a recall then
/// prints a label without its code. Source: ZPL Programming Guide, ^DF ^XF ^FN ^HW ^ID.
/// </summary>
public sealed class StoredFormat
{
    private const string DataMark = "^FH_^FD";
    private const string NameAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int NameLength = 8;

    private StoredFormat(string name, string content, string[] leads, bool[] isUrl)
    {
        Name = name;
        Definition = Encoding.Latin1.GetBytes($"^XA^DFR:{name}.ZPL^FS{content}^XZ\r\n");
        string[] pieces = [.. leads, ""];
        for (int i = 0; i < pieces.Length; i++)
        {
            string opening = i == 0 ? $"^XA^JZN^XFR:{name}.ZPL^FS" : "^FS";
            pieces[i] = i < leads.Length
                ? $"{opening}^FN{i + 1}{DataMark}{leads[i]}"
                : opening + Encoding.ASCII.GetString(ZplLabel.Closing);
        }

        Recall = new ZplLabel([.. pieces.Select(Encoding.Latin1.GetBytes)], isUrl, symbol: null);
    }

    /// <summary>Eight letters and digits.</summary>
    public string Name { get; }

    /// <summary>The label that recalls it: <c>^JZN</c>, the recall and the code's fields.</summary>
    public ZplLabel Recall { get; }

    /// <summary>What stores it.</summary>
    public IReadOnlyList<byte> Stores => Definition;

    /// <summary>What stores it.</summary>
    internal byte[] Definition { get; }

    /// <summary>What asks, in the order of the stream, whether it is there.</summary>
    internal byte[] Question => Encoding.ASCII.GetBytes($"^XA^HWR:{Name}.ZPL^XZ\r\n");

    /// <summary>What deletes it.</summary>
    internal byte[] Removal => Encoding.ASCII.GetBytes($"^XA^IDR:{Name}.ZPL^FS^XZ\r\n");

    /// <summary>Makes it from the pieces of a full label, between which the code's fields stand; null when one of these
    /// is no text for the printer.</summary>
    internal static StoredFormat? Of(byte[][] pieces, bool[] isUrl)
    {
        // The settings come with the recall as with each label, but ^JZN stands before it, where no format has to be there.
        string content = "^MCY";
        string[] leads = new string[isUrl.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            string piece = Encoding.Latin1.GetString(pieces[i]);
            if (i == 0)
            {
                string opening = Encoding.Latin1.GetString(ZplLabel.Opening);
                if (!piece.StartsWith(opening, StringComparison.Ordinal))
                {
                    return null;
                }

                piece = piece["^XA^JZN^MCY".Length..];
            }

            if (i == leads.Length)
            {
                content += piece[..^ZplLabel.Closing.Length];
                break;
            }

            int mark = piece.LastIndexOf(DataMark, StringComparison.Ordinal);
            leads[i] = mark < 0 ? "^" : piece[(mark + DataMark.Length)..];
            if (leads[i].Contains('^', StringComparison.Ordinal))
            {
                return null;
            }

            content += $"{piece[..mark]}^FN{i + 1}";
        }

        return new StoredFormat(NameOf(content), content, leads, isUrl);
    }

    private static string NameOf(string content)
    {
        byte[] hash = SHA256.HashData(Encoding.Latin1.GetBytes(content));
        return string.Concat(hash.Take(NameLength).Select(b => NameAlphabet[b & 31]));
    }
}

/// <summary>One label as a recall, to be sent only while its stored format is known to be in the printer.</summary>
/// <param name="Name">Of the stored format.</param>
/// <param name="Bytes">The short format.</param>
public sealed record RecalledLabel(string Name, byte[] Bytes);
