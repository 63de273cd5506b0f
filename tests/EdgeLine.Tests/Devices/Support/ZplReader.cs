using System.Text;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>
/// A second opinion on ZPL, written from the printer's side and sharing nothing with the product: what a printer
/// would make of these bytes.
/// </summary>
public sealed class ZplReader
{
    private ZplReader()
    {
    }

    public List<string> Commands { get; } = [];

    public List<string> FieldData { get; } = [];

    public int Formats { get; private set; }

    public static ZplReader Read(ReadOnlySpan<byte> bytes)
    {
        ZplReader reader = new();
        bool open = false;
        byte? escape = null;
        for (int at = 0; at < bytes.Length;)
        {
            byte b = bytes[at];
            if (b is 2 or 3 or 15 or 16 or 30 or 31)
            {
                throw new FormatException($"byte {b:X2} at {at} is a command");
            }

            if (b is (byte)'\r' or (byte)'\n')
            {
                at++;
                continue;
            }

            if (b is not ((byte)'^' or (byte)'~'))
            {
                throw new FormatException($"text outside a command at {at}");
            }

            string name = b == '^' && bytes[at + 1] == 'A' ? "^A" : Encoding.ASCII.GetString(bytes.Slice(at, 3));
            int start = at + name.Length;
            int end = start;
            while (end < bytes.Length && bytes[end] is not ((byte)'^' or (byte)'~' or 2 or 3 or 15 or 16 or 30 or 31))
            {
                end++;
            }

            ReadOnlySpan<byte> rest = bytes[start..end];
            reader.Commands.Add(name is "^FD" or "^PQ" ? name
                : name + Encoding.UTF8.GetString(rest).TrimEnd('\r', '\n'));
            switch (name)
            {
                case "^XA":
                    Check(!open, "a format inside a format");
                    open = true;
                    break;
                case "^XZ":
                    Check(open, "an end without a format");
                    open = false;
                    reader.Formats++;
                    break;
                case "^FH":
                    escape = rest.IsEmpty ? (byte)'_' : rest[0];
                    break;
                case "^FD":
                    reader.FieldData.Add(Encoding.UTF8.GetString(Unescape(rest, escape)));
                    break;
                case "^FS":
                    escape = null;
                    break;
                case "^PQ":
                    Check(Encoding.ASCII.GetString(rest) == "1,0,0,N", "more than one label");
                    break;
            }

            at = end;
        }

        Check(!open, "a format without an end");
        return reader;
    }

    private static void Check(bool fine, string otherwise)
    {
        if (!fine)
        {
            throw new FormatException(otherwise);
        }
    }

    private static byte[] Unescape(ReadOnlySpan<byte> data, byte? escape)
    {
        List<byte> all = [];
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i] == escape)
            {
                all.Add(Convert.FromHexString(Encoding.ASCII.GetString(data.Slice(i + 1, 2)))[0]);
                i += 2;
            }
            else
            {
                all.Add(data[i]);
            }
        }

        return [.. all];
    }
}
