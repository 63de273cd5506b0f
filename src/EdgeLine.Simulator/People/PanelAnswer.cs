using System.Text.Json;

namespace EdgeLine.Simulator.People;

/// <summary>What the panel said to a button: done, refused with the problem's name and words, or nobody there.</summary>
internal abstract record PanelAnswer
{
    private PanelAnswer()
    {
    }

    /// <summary>Done; the body of the answer.</summary>
    public sealed record Done(JsonElement Body) : PanelAnswer
    {
        /// <summary>A text of the body, or empty.</summary>
        public string Text(string name) =>
            Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString() ?? ""
                : "";
    }

    /// <summary>Refused.</summary>
    public sealed record Refused(string Problem, string Detail) : PanelAnswer;

    /// <summary>The service did not answer.</summary>
    public sealed record Nobody : PanelAnswer;
}
