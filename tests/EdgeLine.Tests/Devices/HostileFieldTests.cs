using System.Globalization;
using System.Text;
using EdgeLine.Devices.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>
/// Whatever a field says, a printer sees one format and the text. Judged by <see cref="StrictPrinter"/>, which shares
/// nothing with the product.
/// </summary>
public sealed class HostileFieldTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";

    // One field in the printer's scalable font, one in a font file of its own, which takes every character and has the whole
    // length of a long label.
    private const string Template =
        "^PW900^LL4000^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS^FO320,40^A0N,30,30^FN2\"code.text\"^FS"
        + "^FO10,400^A0N,10,1^FN3\"batch.number\"^FS^FO320,160^A@R,30,1,E:SIMSUN.TTF^FN4\"product.name\"^FS";

    // Every prefix and control byte that some printer or channel takes for a command, and what follows it there.
    private static readonly string[] Commands =
    [
        "^XZ", "^XA", "^XZ^XA^FO0,0^FDtwin^FS^XZ", "^FS", "^FD", "^FH", "^FH\\", "^PQ9", "^CC+", "^CT+", "^CD;", "^JZY", "^JUF", "^JUS",
        "^DFR:A.ZPL^FS", "^XFE:X.ZPL^FS", "^SX*,D,Y,N,10.0.0.1,9", "^HH", "^HZA", "^HV1,64", "^FN1", "^GFA,8,8,1,:Z64:", "^MCN", "^FX",
        "~JR", "~JA", "~PR", "~JD", "~HS", "~HI", "~DGR:X.GRF,8,1,FF", "~DN", "~CC+", "~~", "^^", "~", "^",
        "_5EXZ", "_7EJR", "_5E", "_", "__", "_0", "_02", "\\", "\\&", "\\5E", ">;", ">8", "#1#", "%d", "$$$$",
        "! U1 setvar \"device.languages\" \"line_print\"\r\n", "! U1 do \"device.reset\" \"\"", "! 0 200 200 1 1", "!",
        "{}{\"device.reset\":null}", "{}{", "{", "}", "${IFC}", "\u001B!?", "\u001BA", "\u0005", "\u0018", "<STX>",
        "\u0002", "\u0003", "\u000F", "\u0010", "\u001E", "\u001F", "\u0000", "\r", "\n", "\r\n", "\t", "\u0011", "\u0013", "\u007F", "\u0085",
        "\uD800", "\uDC00", "\u202E", "\u200B", "\uFEFF", "\u2028", "木板", "𠮷", "é", "№", "A", "7", " ", ",", ".", "\"", "'",
    ];

    [Fact]
    public void Ten_thousand_hostile_values_are_one_format_and_exactly_their_bytes()
    {
        Assert.True(ZplTemplate.TryCompile("t", Template, SomeDevice.Printer(), out ZplTemplate? template, out var problems), string.Join('\n', problems));
        Random random = new(20261122);
        List<string> harmless = StrictPrinter.Read(Compose(template, "x", "x")!).Commands;
        int printed = 0, refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            string value = i < Commands.Length ? Commands[i] : Hostile(random);
            string ascii = value.All(char.IsAscii) && value.Length <= 500 ? value : "x";
            byte[]? format = Compose(template, ascii, value);
            Assert.Equal(IsPrintable(value), format is not null);
            if (format is null)
            {
                refused++;
                continue;
            }

            StrictPrinter seen = StrictPrinter.Read(format);
            Assert.Equal(1, seen.Formats);
            Assert.Equal(harmless, seen.Commands);
            Assert.Equal([$"MA,{Url}", "TEXT", ascii, value], seen.Fields.Select(Encoding.UTF8.GetString));
            printed++;
        }

        Assert.True(printed > 3000 && refused > 3000, $"{printed} printed, {refused} refused");
    }

    private static byte[]? Compose(ZplTemplate template, string ascii, string any) =>
        template.TryBind(
            new Dictionary<string, string> { ["batch.number"] = ascii, ["product.name"] = any }, Url, out ZplLabel? label, out _)
            ? label.Compose(Url, "TEXT")
            : null;

    private static string Hostile(Random random)
    {
        int pieces = random.Next(100) == 0 ? random.Next(300, 1500) : random.Next(1, 7);
        // Half of the values without what is refused anyway, so that enough of them are printed.
        string[] from = random.Next(2) == 0 ? Commands : [.. Commands.Where(IsPrintable)];
        return string.Concat(Enumerable.Range(0, pieces).Select(_ => from[random.Next(from.Length)]));
    }

    // The rule in the words of this test: nothing invisible, and in bytes no more than a field takes.
    private static bool IsPrintable(string value)
    {
        int bytes = 0;
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (rune.Value < 0x20 || rune.Value is >= 0x7F and < 0xA0 or 0xFFFD or 0x200B or 0x202E or 0xFEFF or 0x2028)
            {
                return false;
            }

            bytes += rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || " .-/:()+=".Contains((char)rune.Value, StringComparison.Ordinal))
                ? 1 : 3 * rune.Utf8SequenceLength;
        }

        return bytes is > 0 and <= 3072;
    }
}
