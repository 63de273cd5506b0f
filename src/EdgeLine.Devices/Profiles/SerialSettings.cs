using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeLine.Devices.Profiles;

/// <summary>Parity bit of a serial line.</summary>
public enum SerialParity
{
    /// <summary>N: no parity bit.</summary>
    None,

    /// <summary>E: even.</summary>
    Even,

    /// <summary>O: odd.</summary>
    Odd,
}

/// <summary>Who stops whom on a serial line.</summary>
public enum SerialHandshake
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>XON and XOFF bytes.</summary>
    XonXoff,

    /// <summary>The RTS and CTS wires.</summary>
    RtsCts,
}

/// <summary>
/// Settings of a serial line, written <c>115200 8N1 rts-cts</c>: baud, data bits parity stop bits, handshake
/// (<c>xon-xoff</c>, <c>rts-cts</c> or nothing). A value always has settings that both Linux and Windows offer.
/// </summary>
public sealed record SerialSettings(
    int Baud, int DataBits, SerialParity Parity, int StopBits, SerialHandshake Handshake)
{
    /// <summary>What the text may be, for error messages.</summary>
    public const string Limit =
        "\"BAUD 8N1 [xon-xoff|rts-cts]\": 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 or 230400 baud, "
        + "7 or 8 data bits, N, E or O, 1 or 2 stop bits";

    private static readonly int[] BaudRates = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400];

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SerialSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(text);
        settings = null;
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (2 or 3)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int baud)
            || !BaudRates.Contains(baud)
            || parts[1] is not [('7' or '8') and var bits, ('N' or 'E' or 'O') and var parity, ('1' or '2') and var stop])
        {
            return false;
        }

        SerialHandshake? handshake = parts.Length == 2 ? SerialHandshake.None : parts[2] switch
        {
            "xon-xoff" => SerialHandshake.XonXoff,
            "rts-cts" => SerialHandshake.RtsCts,
            _ => null,
        };
        if (handshake is not { } agreed)
        {
            return false;
        }

        SerialParity bit = parity switch { 'E' => SerialParity.Even, 'O' => SerialParity.Odd, _ => SerialParity.None };
        settings = new SerialSettings(baud, bits - '0', bit, stop - '0', agreed);
        return true;
    }

    /// <inheritdoc />
    public override string ToString()
    {
        string handshake = Handshake switch
        {
            SerialHandshake.XonXoff => " xon-xoff",
            SerialHandshake.RtsCts => " rts-cts",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Baud} {DataBits}{Parity.ToString()[0]}{StopBits}{handshake}");
    }
}
