using System.Globalization;
using System.Text.Json;

namespace EdgeLine.Service.Reporting;

/// <summary>One command as it came over MQTT, its shape sound, nothing judged yet.</summary>
/// <param name="Id">Identity that its sender gave it, 1 to 40 characters: the same one is carried out once.</param>
/// <param name="Name">What is wanted.</param>
/// <param name="IssuedBy">Who says to have sent it. MQTT does not tell a receiver who published.</param>
/// <param name="IssuedUnixMs">When it was sent, by the sender's clock.</param>
/// <param name="ExpiresUnixMs">Nothing may be done from then on.</param>
/// <param name="Args">Arguments that are texts, by name.</param>
public sealed record RemoteCommand(
    string Id, string Name, string IssuedBy, long IssuedUnixMs, long ExpiresUnixMs, IReadOnlyDictionary<string, string> Args)
{
    private const int BytesMax = 8 * 1024;
    private const int WordMax = 40;
    private const int ReasonMax = 200;

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 4 };

    /// <summary>Reads a payload; null with the reason when it is no command.</summary>
    /// <param name="name">The name in the topic; one in the payload must be the same.</param>
    /// <param name="payload">UTF-8 JSON, at most 8 KiB.</param>
    /// <param name="wrong">What is wrong, for people.</param>
    public static RemoteCommand? Read(string name, ReadOnlyMemory<byte> payload, out string wrong)
    {
        if (payload.Length > BytesMax)
        {
            wrong = $"payload: {payload.Length} bytes, at most {BytesMax}";
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(payload, _strict);
            return Read(name, json.RootElement, out wrong);
        }
        // Half of a surrogate pair, written as \uD800, is sound JSON and no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            wrong = $"payload: no JSON object: {e.Message}";
            return null;
        }
    }

    private static RemoteCommand? Read(string name, JsonElement json, out string wrong)
    {
        wrong = "payload: not an object { }";
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string id = Text(json, "id");
        string by = Text(json, "issued_by");
        string named = Text(json, "name");
        wrong = !IsWord(id) ? $"id: 1 to {WordMax} of A-Z a-z 0-9 - _ . :"
            : !IsWord(by) ? $"issued_by: 1 to {WordMax} of A-Z a-z 0-9 - _ . :"
            : named.Length > 0 && named != name ? "name: not the name in the topic"
            : Text(json, "reason").Length > ReasonMax ? $"reason: at most {ReasonMax} characters"
            : "";
        long? issued = Moment(json, "issued_at");
        long? expires = Moment(json, "expires_at");
        if (wrong.Length == 0 && (issued is null || expires is null || expires <= issued))
        {
            wrong = "issued_at, expires_at: ISO 8601 with time zone, or Unix milliseconds; expires_at after issued_at";
        }

        var args = new Dictionary<string, string>();
        if (json.TryGetProperty("args", out JsonElement given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty arg in given.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String))
            {
                args[arg.Name] = arg.Value.GetString()!;
            }
        }

        return wrong.Length > 0 ? null : new RemoteCommand(id, name, by, issued!.Value, expires!.Value, args);
    }

    /// <summary>Short, and nothing in it that could be mistaken for something else in journal, topic or log.</summary>
    public static bool IsWord(string text) =>
        text.Length is > 0 and <= WordMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long? Moment(JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long ms) && ms is > 0 and < 253_402_300_800_000 ? ms
        : value.ValueKind == JsonValueKind.String && HasZone(value.GetString()!)
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at)
            ? at.ToUnixTimeMilliseconds()
            : null;

    // A time without its zone would be taken for one of this PC's zone.
    private static bool HasZone(string text) =>
        text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
}
