using System.Text.Json;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Cuts the byte stream of a printer's JSON port into objects and these into replies. An object is at most 4096 bytes; a
/// longer or malformed one is dropped. Source: ZPL Programming Guide, JSON on port 9200.
/// </summary>
internal sealed class PrinterObjects
{
    /// <summary>The variable with the errors.</summary>
    public const string StatusVariable = "zpl.system_status";

    private const int ObjectMax = 4096;

    private readonly byte[] _object = new byte[ObjectMax];
    private int _length;
    private int _depth;
    private bool _inText;
    private bool _escaped;

    /// <summary>Takes the next bytes; a marker is told before the status that came with it.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, Action<PrinterReply> reply)
    {
        foreach (byte b in bytes)
        {
            if (_depth == 0 && b != (byte)'{')
            {
                continue;
            }

            if (_length == ObjectMax)
            {
                Forget();
                continue;
            }

            _object[_length++] = b;
            if (_inText)
            {
                _inText = _escaped || b != (byte)'"';
                _escaped = !_escaped && b == (byte)'\\';
                continue;
            }

            _inText = b == (byte)'"';
            _depth += b switch { (byte)'{' => 1, (byte)'}' => -1, _ => 0 };
            if (_depth == 0)
            {
                Take(_object.AsMemory(0, _length), reply);
                Forget();
            }
        }
    }

    private static void Take(ReadOnlyMemory<byte> json, Action<PrinterReply> reply)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty(BootMarker.Variable, out JsonElement marker))
            {
                reply(new PrinterReply.Marker(Text(marker) ?? BootMarker.Unset));
            }

            string?[] past = [.. PrinterQuestions.WitnessVariables.Select(
                v => document.RootElement.TryGetProperty(v, out JsonElement value) ? Text(value) : null)];
            if (past.Any(v => v is not null) && PrinterReply.Odometer.Of(past[0], past[1], past[2]) is { } odometer)
            {
                reply(odometer);
            }

            if (document.RootElement.TryGetProperty(StatusVariable, out JsonElement status)
                && PrinterErrors.TryParseVariable(Text(status) ?? "") is { } errors)
            {
                reply(new PrinterReply.Errors(errors));
            }
        }
        // Half of a surrogate pair, written as \uD800, is sound JSON and no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not an answer; if none follows, its silence is noticed.
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private void Forget() => (_length, _depth, _inText, _escaped) = (0, 0, false, false);
}
