using System.Globalization;
using System.Text;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Something complete that a printer said. Closed: how it is, who it is, the marker of its boot, its past, or whether it reprints.
/// </summary>
internal abstract record PrinterReply
{
    private PrinterReply()
    {
    }

    /// <summary>The three lines of <c>~HS</c>.</summary>
    public sealed record Status(HostStatus Value) : PrinterReply;

    /// <summary>The answer to <c>~HQES</c>, or the value of <c>zpl.system_status</c>.</summary>
    public sealed record Errors(PrinterErrors Value) : PrinterReply;

    /// <summary>The line of <c>~HI</c>.</summary>
    public sealed record Identity(string Model, string Firmware, int DotsPerMm) : PrinterReply;

    /// <summary>The answer to <c>^HW</c>: names of what is stored.</summary>
    public sealed record Listing(IReadOnlyList<string> Names) : PrinterReply;

    /// <summary>The value of the variable that marks a boot; anything but ours means that ours is gone.</summary>
    public sealed record Marker(string Value) : PrinterReply;

    /// <summary>What it says of its past; null for what it does not know.</summary>
    public sealed record Odometer(long? Labels, long? HeadOpened, bool ReprintKeyOn) : PrinterReply
    {
        /// <summary>From the values of <see cref="PrinterQuestions.WitnessVariables"/>; null when they cannot be these.</summary>
        public static Odometer? Of(string? labels, string? headOpened, string? reprintMode) =>
            IsCount(labels, out long? printed) && IsCount(headOpened, out long? opened) && reprintMode is "on" or "off" or BootMarker.Unset or null
                ? new Odometer(printed, opened, reprintMode == "on")
                : null;

        private static bool IsCount(string? text, out long? count)
        {
            bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            count = isNumber ? number : null;
            return isNumber || text is null or BootMarker.Unset;
        }
    }

    /// <summary>The answer to <c>^HZF</c>: whether it prints a label again after an error.</summary>
    public sealed record Reprints(bool Value) : PrinterReply;
}

/// <summary>
/// Cuts the byte stream of a printer into replies. Knows no lengths and trusts nothing: bytes outside STX..ETX and
/// outside a pair of quotes are garbage, a block that fits no known answer is dropped, and a <c>~HS</c> status is
/// complete only when its three lines followed each other.
/// </summary>
/// <param name="witnesses">It is asked for <see cref="PrinterQuestions.WitnessVariables"/> before its status.</param>
internal sealed class PrinterReplies(bool witnesses = false)
{
    // Marker and witness variables of one poll, and what an earlier one may have left.
    private const int ValuesMax = 8;

    // The longest known answer is shorter than 120 bytes.
    private const int BlockMax = 256;
    private const byte Stx = 2, Etx = 3, Quote = (byte)'"';

    private readonly SettingsDocument _settings = new();
    private readonly byte[] _block = new byte[BlockMax];
    private int _length = -1; // -1: outside a block
    private byte _end = Etx;
    private string? _first;
    private string? _second;
    private readonly List<string> _values = [];

    /// <summary>Bytes and blocks that were no part of a reply.</summary>
    public long Garbage { get; private set; }

    /// <summary>True while a settings document arrives, which may take seconds on a slow wire.</summary>
    public bool InDocument => _settings.IsOpen;

    /// <summary>Forgets a settings document that does not end, so that it hides no further answer.</summary>
    public void ForgetDocument() => _settings.Forget();

    public void Feed(ReadOnlySpan<byte> bytes, Action<PrinterReply> reply)
    {
        foreach (byte b in bytes)
        {
            if (_length < 0 && b != Stx && _settings.Take(b, reply))
            {
                continue;
            }

            if (b == Stx || (_length < 0 && b == Quote))
            {
                _settings.Forget();
                Garbage += _length > 0 ? 1 : 0;
                (_length, _end) = (0, b == Stx ? Etx : Quote);
            }
            else if (_length < 0)
            {
                Garbage += b is (byte)'\r' or (byte)'\n' ? 0 : 1;
            }
            else if (b == _end)
            {
                string text = Encoding.Latin1.GetString(_block, 0, _length);
                _length = -1;
                if (_end == Quote)
                {
                    TakeVariable(text, reply);
                }
                else
                {
                    Take(text, reply);
                }
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

    // A variable's answer is its value in quotes and nothing else: only its form tells which variable it is.
    private void TakeVariable(string value, Action<PrinterReply> reply)
    {
        if (PrinterErrors.TryParseVariable(value) is { } errors)
        {
            TakePoll(reply);
            reply(new PrinterReply.Errors(errors));
        }
        else if (witnesses)
        {
            _values.Add(value);
            if (_values.Count > ValuesMax)
            {
                Garbage++;
                _values.RemoveAt(0);
            }
        }
        else if (BootMarker.IsAnswer(value))
        {
            reply(new PrinterReply.Marker(value));
        }
        else
        {
            Garbage++;
        }
    }

    // Numbers and "?" look alike whatever they belong to: only the order of the questions tells, and the status ends it.
    private void TakePoll(Action<PrinterReply> reply)
    {
        PrinterReply.Odometer? odometer = _values is [.., var labels, var opened, var mode]
            ? PrinterReply.Odometer.Of(labels, opened, mode)
            : null;
        foreach (string marker in _values.SkipLast(odometer is null ? 0 : 3).Where(BootMarker.IsAnswer))
        {
            reply(new PrinterReply.Marker(marker));
        }

        if (odometer is not null)
        {
            reply(odometer);
        }

        _values.Clear();
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
        else if (StoredListing.TryParse(line) is { } names)
        {
            reply(new PrinterReply.Listing(names));
        }
        else if (IdentityOf(fields) is { } identity)
        {
            reply(identity);
        }
        else if (PrinterErrors.TryParseQuery(line) is { } errors)
        {
            reply(new PrinterReply.Errors(errors));
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
