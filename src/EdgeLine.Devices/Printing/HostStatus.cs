using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The answer to <c>~HS</c>, the host status of a ZPL printer, as far as anybody here uses it. Made only from three
/// complete, well-formed lines. Source: ZPL Programming Guide, ~HS.
/// </summary>
/// <remarks>
/// The field for formats in the buffer may stick at 1 with nothing to print; nobody may wait for 0.
/// </remarks>
public sealed record HostStatus
{
    /// <summary>Serial settings of the printer as text, such as <c>9600 8N1 xon-xoff</c>; for doctor.</summary>
    public required string Serial { get; init; }

    /// <summary>No labels.</summary>
    public required bool PaperOut { get; init; }

    /// <summary>Paused.</summary>
    public required bool Paused { get; init; }

    /// <summary>Length of the label in dots.</summary>
    public required int LabelLengthDots { get; init; }

    /// <summary>Formats in the receive buffer; may stick at 1.</summary>
    public required int FormatsInBuffer { get; init; }

    /// <summary>Receive buffer full.</summary>
    public required bool BufferFull { get; init; }

    /// <summary>Hex dump mode: it prints received bytes instead of labels.</summary>
    public required bool HexDump { get; init; }

    /// <summary>A format was begun and not ended.</summary>
    public required bool PartialFormat { get; init; }

    /// <summary>Its memory lost the configuration.</summary>
    public required bool CorruptMemory { get; init; }

    /// <summary>Head too cold.</summary>
    public required bool UnderTemperature { get; init; }

    /// <summary>Head too hot.</summary>
    public required bool OverTemperature { get; init; }

    /// <summary>Head open.</summary>
    public required bool HeadOpen { get; init; }

    /// <summary>No ribbon.</summary>
    public required bool RibbonOut { get; init; }

    /// <summary>Prints with a ribbon.</summary>
    public required bool ThermalTransfer { get; init; }

    /// <summary>Labels left in the current batch.</summary>
    public required int LabelsRemaining { get; init; }

    /// <summary>Reads the contents of the three lines, without STX and ETX; null when one of them is
    /// malformed.</summary>
    public static HostStatus? TryParse(string first, string second, string third)
    {
        string[] a = first.Split(','), b = second.Split(','), c = third.Split(',');
        if (!IsFirst(a) || !IsSecond(b) || !IsThird(c))
        {
            return null;
        }

        return new HostStatus
        {
            Serial = SerialText(Number(a[0])),
            PaperOut = a[1] == "1",
            Paused = a[2] == "1",
            LabelLengthDots = Number(a[3]),
            FormatsInBuffer = Number(a[4]),
            BufferFull = a[5] == "1",
            HexDump = a[6] == "1",
            PartialFormat = a[7] == "1",
            CorruptMemory = a[9] == "1",
            UnderTemperature = a[10] == "1",
            OverTemperature = a[11] == "1",
            HeadOpen = b[2] == "1",
            RibbonOut = b[3] == "1",
            ThermalTransfer = b[4] == "1",
            LabelsRemaining = Number(b[8]),
        };
    }

    /// <summary>The most important condition: what a person must do first comes first.</summary>
    public PrinterCondition Condition(out string detail)
    {
        (PrinterFaultKind? fault, detail) = this switch
        {
            { HeadOpen: true } => ((PrinterFaultKind?)PrinterFaultKind.HeadOpen, "print head open"),
            { PaperOut: true } => (PrinterFaultKind.MediaOut, "no labels"),
            { RibbonOut: true } => (PrinterFaultKind.RibbonOut, "no ribbon"),
            { OverTemperature: true } => (PrinterFaultKind.OverTemperature, "print head too hot"),
            { HexDump: true } => (PrinterFaultKind.Other, "hex dump mode: it prints bytes instead of labels; send ~JE"),
            { CorruptMemory: true } => (PrinterFaultKind.Other, "its memory lost the configuration; set it up again"),
            { UnderTemperature: true } => (PrinterFaultKind.Other, "print head too cold"),
            { Paused: true } => (PrinterFaultKind.Paused, "paused"),
            { BufferFull: true } => (PrinterFaultKind.BufferFull, "receive buffer full"),
            _ => (null, ""),
        };
        return fault is { } kind ? new PrinterCondition.Fault(kind) : PrinterCondition.Ready.Value;
    }

    internal static bool IsFirst(string[] f) =>
        f.Length == 12 && Digits(f[0], 3) && Digits(f[3], 4) && Digits(f[4], 3) && Flags(f, 1, 2, 5, 6, 7, 9, 10, 11);

    internal static bool IsSecond(string[] f) =>
        f.Length == 11 && Digits(f[0], 3) && Flags(f, 2, 3, 4) && Digits(f[8], 8);

    internal static bool IsThird(string[] f) => f.Length == 2 && f[0].Length <= 4 && Flags(f, 1);

    // The communication word: a7 handshake, a6 parity kind, a5 parity on, a4 stop bits, a3 data bits, a8 a2 a1 a0 baud.
    private static string SerialText(int word)
    {
        string baud = ((word >> 5 & 8) | (word & 7)) switch
        {
            0 => "110",
            1 => "300",
            2 => "600",
            3 => "1200",
            4 => "2400",
            5 => "4800",
            6 => "9600",
            7 => "19200",
            8 => "28800",
            9 => "38400",
            10 => "57600",
            11 => "14400",
            _ => "?",
        };
        char parity = (word & 0x20) == 0 ? 'N' : (word & 0x40) == 0 ? 'O' : 'E';
        return $"{baud} {((word & 8) == 0 ? 7 : 8)}{parity}{((word & 0x10) == 0 ? 2 : 1)} "
            + ((word & 0x80) == 0 ? "xon-xoff" : "dtr");
    }

    private static bool Digits(string text, int count) => text.Length == count && text.All(char.IsAsciiDigit);

    private static bool Flags(string[] fields, params ReadOnlySpan<int> places)
    {
        foreach (int at in places)
        {
            if (fields[at] is not ("0" or "1"))
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
