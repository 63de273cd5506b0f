using System.Globalization;
using System.Text;

namespace EdgeLine.Devices.Printing;

/// <summary>Something complete that a printer said. Closed: its status, or who it is.</summary>
internal abstract record PrinterReply
{
    private PrinterReply()
    {
    }

    /// <summary>The three lines of <c>~HS</c>.</summary>
    public sealed record Status(HostStatus Value) : PrinterReply;

    /// <summary>The line of <c>~HI</c>.</summary>
    public sealed record Identity(string Model, string Firmware, int DotsPerMm) : PrinterReply;
}

/// <summary>
/// Cuts the byte stream of a printer into replies. Knows no lengths and trusts nothing: bytes outside STX..ETX are
/// garbage, a block that fits no known line is dropped, and a status is complete only when its three lines followed
/// each other.
/// </summary>
internal sealed class PrinterReplies
{
    // The longest known line is shorter than 80 bytes.
    private const int BlockMax = 256;
    private const byte Stx = 2, Etx = 3;

    private readonly byte[] _block = new byte[BlockMax];
    private int _length = -1; // -1: outside a block
    private string? _first;
    private string? _second;

    /// <summary>Bytes and blocks that were no part of a reply.</summary>
    public long Garbage { get; private set; }

    public void Feed(ReadOnlySpan<byte> bytes, Action<PrinterReply> reply)
    {
        foreach (byte b in bytes)
        {
            if (b == Stx)
            {
                Garbage += _length > 0 ? 1 : 0;
                _length = 0;
            }
            else if (_length < 0)
            {
                Garbage += b is (byte)'\r' or (byte)'\n' ? 0 : 1;
            }
            else if (b == Etx)
            {
                Take(Encoding.Latin1.GetString(_block, 0, _length), reply);
                _length = -1;
            }
            else if (_length == BlockMax)
            {
                Garbage++;
                _length = -1;
            }
            else
            {
                _block[_length++] = b;
            }
        }
    }

    private void Take(string line, Action<PrinterReply> reply)
    {
        string[] fields = line.Split(',');
        if (HostStatus.IsFirst(fields))
        {
            (_first, _second) = (line, null);
        }
        else if (HostStatus.IsSecond(fields) && _first is not null && _second is null)
        {
            _second = line;
        }
        else if (HostStatus.IsThird(fields) && _first is not null && _second is not null)
        {
            HostStatus? status = HostStatus.TryParse(_first, _second, line);
            (_first, _second) = (null, null);
            if (status is not null)
            {
                reply(new PrinterReply.Status(status));
            }
        }
        else if (IdentityOf(fields) is { } identity)
        {
            reply(identity);
        }
        else
        {
            Garbage++;
            (_first, _second) = (null, null);
        }
    }

    // model,Vfirmware,dots per mm,memory KB[,options]
    private static PrinterReply.Identity? IdentityOf(string[] f) =>
        f.Length is >= 4 and <= 8
        && f[0].Length > 0
        && f[1].StartsWith('V')
        && int.TryParse(f[2].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int dots)
            ? new PrinterReply.Identity(f[0].Trim(), f[1].Trim(), dots)
            : null;
}
