using System.Text.Json;

namespace EdgeLine.Simulator.People;

/// <summary>
/// What the screen shows of one line, the newest payload of each topic; null while the screen is dark. Read from the
/// outside only, as a person or another program would.
/// </summary>
internal sealed class PanelLine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonElement> _topics = [];

    /// <summary>PackML state, such as <c>Execute</c>; empty while the screen is dark.</summary>
    public string State => Text("state", "packml", "state");

    /// <summary>Why the line does not run; empty while it runs.</summary>
    public string Reason => Text("state", "reason");

    /// <summary>Buttons that make sense now.</summary>
    public IReadOnlyList<string> Actions => Get("state", "actions") is { ValueKind: JsonValueKind.Array } actions
        ? [.. actions.EnumerateArray().Select(a => a.GetString() ?? "")]
        : [];

    /// <summary>A run is under way; false while the screen is dark.</summary>
    public bool Running => Lit && State is not ("Idle" or "Stopped" or "Complete");

    /// <summary>True when the service is there.</summary>
    public bool Lit => State.Length > 0;

    /// <summary>A number of the counts, 0 when not known.</summary>
    public long Count(params string[] path) =>
        Get("counts", path) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : 0;

    /// <summary>A value deep in a payload, or null.</summary>
    public JsonElement? Get(string topic, params string[] path)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out JsonElement at))
            {
                return null;
            }

            foreach (string name in path)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }

            return at;
        }
    }

    /// <summary>A text deep in a payload, or empty.</summary>
    public string Text(string topic, params string[] path) =>
        Get(topic, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";

    /// <summary>A new payload of a topic.</summary>
    public void Show(string topic, JsonElement payload)
    {
        lock (_lock)
        {
            _topics[topic] = payload.Clone();
        }
    }

    /// <summary>The service is gone; old numbers are not shown as if they were fresh.</summary>
    public void Darken()
    {
        lock (_lock)
        {
            _topics.Clear();
        }
    }
}
