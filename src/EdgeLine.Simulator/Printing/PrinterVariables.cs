using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The variables of a printer, as set-get-do commands (<c>! U1 getvar</c>) and JSON objects reach them. What a user
/// created is gone at power-off. Written from the ZPL II programming guide; called under <see cref="Floor.Moment"/>.
/// </summary>
internal sealed class PrinterVariables(PrintEngine engine, PhysicalTape tape)
{
    private const string UserRoot = "device.user_vars.";
    private const int LineMax = 1024;

    private readonly Dictionary<string, string> _created = [];
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _object = new();

    /// <summary>Number of variables that users created.</summary>
    public int Created => _created.Count;

    /// <summary>Power is gone: what users created, and what was half received.</summary>
    public void LosePower()
    {
        _created.Clear();
        _line.Clear();
        _object.Clear();
    }

    /// <summary>Takes text outside a format; commands end with a line, answers have none.</summary>
    public string TakeText(ReadOnlySpan<byte> text)
    {
        var answer = new StringBuilder();
        foreach (byte b in text)
        {
            if (b is (byte)'\n')
            {
                answer.Append(Command(_line.ToString().Trim()));
                _line.Clear();
            }
            else if (_line.Length < LineMax)
            {
                _line.Append((char)b);
            }
        }

        return answer.ToString();
    }

    /// <summary>Takes bytes of the JSON port; each object is answered by one.</summary>
    public string TakeJson(ReadOnlySpan<byte> bytes)
    {
        var answer = new StringBuilder();
        foreach (byte b in bytes)
        {
            _object.Append((char)b);
            if (b != '}')
            {
                continue;
            }

            string one = _object.ToString().Trim();
            _object.Clear();
            // "{}" is the prefix of a request. None of our variables holds a brace, so the first one ends an object.
            answer.Append(one == "{}" ? "" : Object(one));
        }

        return answer.ToString();
    }

    private string Object(string request)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(request);
            var values = new Dictionary<string, string>();
            foreach (JsonProperty one in document.RootElement.EnumerateObject())
            {
                if (one.Value.ValueKind == JsonValueKind.String)
                {
                    Set(one.Name, one.Value.GetString()!);
                }

                values[one.Name] = Get(one.Name);
            }

            return JsonSerializer.Serialize(values);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private string Command(string line)
    {
        string[] parts = line.Split('"');
        string verb = parts[0].Trim();
        if (verb == "! U1 getvar" && parts.Length >= 2)
        {
            return $"\"{Get(parts[1])}\"";
        }

        if (verb == "! U1 setvar" && parts.Length >= 4)
        {
            Set(parts[1], parts[3]);
        }

        return "";
    }

    private void Set(string name, string value)
    {
        if (name == UserRoot + "create")
        {
            // name:type:range:default; a name that exists is not created again.
            string[] parts = value.Split(':', 4);
            if (parts.Length == 4)
            {
                _created.TryAdd(UserRoot + parts[0].ToLowerInvariant(), parts[3]);
            }
        }
        else if (_created.ContainsKey(name))
        {
            _created[name] = value;
        }
    }

    private string Get(string name) => name switch
    {
        "zpl.system_status" => string.Create(
            CultureInfo.InvariantCulture,
            $"{(engine.Paused ? 1 : 0)},{(engine.Fault is null ? 0 : 1)},00000000,{ErrorBits(engine):X8},0,00000000,00000000"),
        // Labels whole and with an image; form feeds and blanks are gaps only. Both survive power-off.
        "odometer.total_label_count" => tape.Whole.ToString(CultureInfo.InvariantCulture),
        "odometer.media_marker_count" => tape.Count.ToString(CultureInfo.InvariantCulture),
        "odometer.latch_open_count" => engine.HeadOpened.ToString(CultureInfo.InvariantCulture),
        "head.latch" => engine.Fault == PrinterFault.HeadOpen ? "open" : "ok",
        "ezpl.reprint_mode" => engine.ReprintOnCommand ? "on" : "off",
        _ => _created.GetValueOrDefault(name, "?"),
    };

    /// <summary>The answer to <c>~HQES</c>.</summary>
    public static byte[] ErrorQuery(PrintEngine engine) => Encoding.ASCII.GetBytes(
        "\u0002\r\n  PRINTER STATUS\r\n"
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  ERRORS:         {(engine.Fault is null ? 0 : 1)} 00000000 {ErrorBits(engine):X8}\r\n")
        + "  WARNINGS:       0 00000000 00000000\r\n\u0003\r\n");

    private static uint ErrorBits(PrintEngine engine) => engine.Fault switch
    {
        PrinterFault.MediaOut => 1,
        PrinterFault.RibbonOut => 2,
        PrinterFault.HeadOpen => 4,
        PrinterFault.CutterJam => 8,
        PrinterFault.OverTemperature => 0x10,
        _ => 0,
    };
}
