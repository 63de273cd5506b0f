using System.Text;

namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// What a reader says to a command: the state of a host-triggered read, its acknowledgements and refusals. Bytes of commands in,
/// text out.
/// </summary>
internal sealed class ReaderDialect(ReaderTraits traits)
{
    private readonly StringBuilder _command = new();
    private bool _hasRead;

    /// <summary>Waiting for a symbol since a command of the host.</summary>
    public bool IsReading { get; private set; }

    /// <summary>How often a command switched an output.</summary>
    public int OutputPulses { get; private set; }

    /// <summary>Takes bytes of the host; true when a command is complete, with the answer, and what shall be read.</summary>
    public bool Take(byte b, out string answer, out bool read, out bool end)
    {
        (answer, read, end) = ("", false, false);
        char c = (char)b;
        string command = _command.Append(c).ToString();
        bool complete = traits.Commands switch
        {
            ReaderCommands.None => true,
            ReaderCommands.Keyence or ReaderCommands.KeyenceSilent => c is '\r' or '\u0003',
            ReaderCommands.DmccSilent or ReaderCommands.DmccExtended => c == '\n',
            ReaderCommands.ColaA => c == '\u0003',
            ReaderCommands.Leuze => command is "+" or "-" or "V" or "SST?",
            ReaderCommands.Omron => c == '>',
            ReaderCommands.Phase => true,
            _ => c == '\r',
        };
        if (c == '\u001b' || command.Length > 128)
        {
            _command.Clear(); // ESC empties the buffer
        }

        if (!complete)
        {
            return false;
        }

        _command.Clear();
        (answer, read, end) = Obey(command.Trim('\r', '\n', '\u0002', '\u0003', '\u001b'));
        return true;
    }

    /// <summary>A read of the host's has its result.</summary>
    public void Done() => (IsReading, _hasRead) = (false, true);

    private (string Answer, bool Read, bool End) Obey(string command) => traits.Commands switch
    {
        ReaderCommands.Keyence or ReaderCommands.KeyenceSilent => Keyence(command, traits.Commands == ReaderCommands.Keyence),
        ReaderCommands.DmccSilent or ReaderCommands.DmccExtended => Dmcc(command, traits.Commands == ReaderCommands.DmccExtended),
        ReaderCommands.ColaA => command switch
        {
            "sMN mTCgateon" => Begin("\u0002sAN mTCgateon 1\u0003"),
            "sMN mTCgateoff" => ("\u0002sAN mTCgateoff 1\u0003", false, Stop()),
            "sRN DeviceIdent" => ("\u0002sRA DeviceIdent 6 Lector 4 V1.0\u0003", false, false),
            _ => ("\u0002sFA 3\u0003", false, false),
        },
        ReaderCommands.Leuze => command switch
        {
            "+" => Begin(""),
            "-" => ("", false, Stop()),
            "SST?" => ("\u0002SST=00000001\r\n", false, false),
            _ => ("\u0002DCR 202i V1.0\r\n", false, false),
        },
        ReaderCommands.Omron when command == "< >" => Begin(""),
        ReaderCommands.Phase when command == "1" => Begin(""),
        ReaderCommands.Phase when command == "2" => ("", false, Stop()),
        ReaderCommands.Syn when command == "\u0016T" => Begin(""),
        ReaderCommands.Syn when command == "\u0016U" => ("", false, Stop()),
        _ => ("", false, false),
    };

    private (string, bool, bool) Keyence(string command, bool acknowledges)
    {
        string name = command.Split(',')[0];
        switch (name)
        {
            case "":
                return ("", false, false);
            case "KEYENCE":
                return ("OK,KEYENCE,SR-1000,1.0\r", false, false);
            case "LON" when IsReading:
                return ("ER,LON,20\r", false, false);
            case "LON":
                return Begin(acknowledges ? "OK,LON\r" : "");
            case "LOFF" when !IsReading && _hasRead:
                return ("ER,LOFF,20\r", false, false);
            case "LOFF":
                return (acknowledges ? "OK,LOFF\r" : "", false, Stop());
            case "OUTON" or "OUTOFF":
                OutputPulses += name == "OUTON" ? 1 : 0;
                return (acknowledges ? $"OK,{name}\r" : "", false, false);
            default:
                return ($"ER,{name},00\r", false, false);
        }
    }

    private (string, bool, bool) Dmcc(string command, bool answers)
    {
        int at = command.IndexOf('>', StringComparison.Ordinal);
        string word = at < 0 ? "" : command[(at + 1)..].ToUpperInvariant();
        string ok = answers ? "||[0]\r\n" : "";
        switch (word)
        {
            case "TRIGGER ON":
                return Begin(ok);
            case "TRIGGER OFF":
                return (ok, false, Stop());
            case "OUTPUT.USER1":
                OutputPulses++;
                return (ok, false, false);
            case "GET DEVICE.NAME":
                return (answers ? "||[0]DM\r\n" : "", false, false);
            default:
                return (answers ? "||[101]\r\n" : "", false, false);
        }
    }

    private (string, bool, bool) Begin(string answer)
    {
        (IsReading, _hasRead) = (true, false);
        return (answer, true, false);
    }

    private bool Stop()
    {
        bool was = IsReading;
        IsReading = false;
        return was;
    }
}
