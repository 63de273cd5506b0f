using System.Text;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>
/// What the most literal of printers makes of a stream of labels. Bytes that begin a command on any printer or channel
/// are taken for one wherever they stand, also inside field data; text that belongs to no command, and field data
/// that could be read in two ways, is an error. Written from the printer's side, without a line of the product.
/// </summary>
public sealed class StrictPrinter
{
    // Single bytes for ^XA, ^XZ, ^FS and for the prefixes of stored files; flow control; what begins a command on the
    // SGD, JSON and ESC channels.
    private const string Starts = "\u0002\u0003\u000F\u0010\u001E\u001F\u0011\u0013\u001B!{}";

    private StrictPrinter()
    {
    }

    /// <summary>Commands in their order; of field data only that there is some.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>Field data as bytes, escapes resolved.</summary>
    public List<byte[]> Fields { get; } = [];

    /// <summary>Complete formats.</summary>
    public int Formats { get; private set; }

    /// <summary>Reads a stream.</summary>
    /// <exception cref="FormatException">It is more or less than whole formats.</exception>
    public static StrictPrinter Read(byte[] stream)
    {
        StrictPrinter read = new();
        int at = 0;
        bool inside = false, escaped = false;
        while (at < stream.Length)
        {
            int begin = at;
            Require(stream[at] == '^', stream, at, "not a ^ command");
            do
            {
                at++;
                Require(at >= stream.Length || !Starts.Contains((char)stream[at], StringComparison.Ordinal), stream, at, "a byte that is a command");
                Require(at >= stream.Length || stream[at] != '~', stream, at, "a ~ command");
            }
            while (at < stream.Length && stream[at] != '^');

            string command = Encoding.Latin1.GetString(stream, begin, at - begin);
            string name = command.Length >= 3 ? command[1..3] : "";
            bool lineEnd = command.IndexOfAny(['\r', '\n']) >= 0;
            Require(!lineEnd || (name == "XZ" && command == "^XZ\r\n"), stream, begin, "a line end inside a format");
            Require((name == "XA") != inside, stream, begin, "a command outside a format, or a format inside one");
            switch (name)
            {
                case "XA":
                    inside = true;
                    break;
                case "XZ":
                    inside = false;
                    read.Formats++;
                    break;
                case "FH":
                    Require(command == "^FH_", stream, begin, "another escape character");
                    escaped = true;
                    break;
                case "FD":
                    Require(escaped, stream, begin, "field data without escapes");
                    read.Fields.Add(Unescaped(stream.AsSpan(begin + 3, at - begin - 3)));
                    command = "^FD";
                    break;
                case "FS":
                    escaped = false;
                    break;
            }

            read.Commands.Add(command);
        }

        Require(!inside, stream, at, "a format without an end");
        return read;
    }

    private static byte[] Unescaped(ReadOnlySpan<byte> data)
    {
        List<byte> bytes = [];
        for (int i = 0; i < data.Length; i++)
        {
            bytes.Add(data[i] == '_' ? Convert.FromHexString(Encoding.ASCII.GetString(data.Slice(i + 1, 2)))[0] : data[i]);
            i += data[i] == '_' ? 2 : 0;
        }

        return [.. bytes];
    }

    private static void Require(bool fine, byte[] stream, int at, string otherwise)
    {
        if (!fine)
        {
            throw new FormatException($"{otherwise} at {at}: {Encoding.Latin1.GetString(stream, at, Math.Min(20, stream.Length - at))}");
        }
    }
}
