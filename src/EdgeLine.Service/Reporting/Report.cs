using System.Globalization;
using System.Text;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// One topic and payload pair of one line, the same for MQTT and for the operator page. The topic is without its base,
/// the payload is a UTF-8 JSON object that starts with <c>v</c>, <c>ts</c> and <c>ts_ms</c>.
/// </summary>
/// <param name="LineId">The line.</param>
/// <param name="Topic">Topic below the base, such as <c>counts</c> or <c>event/held</c>.</param>
/// <param name="Payload">The JSON text.</param>
/// <param name="Retained">True for a state, of which only the newest matters; false for an event.</param>
public sealed record Report(string LineId, string Topic, ReadOnlyMemory<byte> Payload, bool Retained)
{
    /// <summary>Topic of the line's life sign, whose Will says offline.</summary>
    public const string Status = "status";

    /// <summary>Topic of the 15 s life sign.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>Topic of the items a minute, told each second.</summary>
    public const string Rate = "rate";

    /// <summary>Topics of single alarms begin with this.</summary>
    public const string AlarmPrefix = "alarm/";

    /// <summary>A retained topic that is no more: an empty payload takes it from the broker.</summary>
    public static Report Gone(string lineId, string topic) => new(lineId, topic, ReadOnlyMemory<byte>.Empty, Retained: true);

    /// <summary>Puts version and time in front of a JSON object.</summary>
    /// <param name="body">A JSON object, <c>{}</c> at least.</param>
    /// <param name="atUnixMs">The moment it is true for, Unix milliseconds.</param>
    public static byte[] Stamp(ReadOnlySpan<byte> body, long atUnixMs)
    {
        string head = $"{{\"v\":1,\"ts\":\"{Iso(atUnixMs)}\",\"ts_ms\":{atUnixMs.ToString(CultureInfo.InvariantCulture)}";
        ReadOnlySpan<byte> rest = body[1..];
        var payload = new byte[Encoding.ASCII.GetByteCount(head) + (rest.Length > 1 ? 1 : 0) + rest.Length];
        int at = Encoding.ASCII.GetBytes(head, payload);
        if (rest.Length > 1)
        {
            payload[at++] = (byte)',';
        }

        rest.CopyTo(payload.AsSpan(at));
        return payload;
    }

    /// <summary>ISO 8601 in UTC with milliseconds.</summary>
    public static string Iso(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
