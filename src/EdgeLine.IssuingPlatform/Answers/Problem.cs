using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Answers;

/// <summary>
/// A refusal as RFC 9457 wants it: a stable type that programs decide by, a title, and a detail for people that says
/// what to do. Extension members carry the values concerned.
/// </summary>
internal sealed record Problem(int Status, string Type, string Title, string Detail)
{
    /// <summary>Extension members, in camelCase.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    /// <summary>Adds an extension member.</summary>
    public Problem With(string name, object? value) =>
        this with { Members = new Dictionary<string, object?>(Members) { [name] = value } };

    /// <summary>409: the state of things does not allow it.</summary>
    public static Problem Conflict(string type, string title, string detail) => new(409, type, title, detail);

    /// <summary>404.</summary>
    public static Problem NotFound(string what, string id) =>
        new(404, ProblemTypes.NotFound, "Not found", $"There is no {what} '{Shown(id)}'.");

    /// <summary>422 with one fault.</summary>
    public static Problem Invalid(string pointer, string detail) => Invalid([new Fault(pointer, detail)]);

    /// <summary>422 with every fault at once.</summary>
    public static Problem Invalid(IReadOnlyList<Fault> faults) =>
        new Problem(422, ProblemTypes.ValidationFailed, "The content is not acceptable", string.Join(" ", faults.Select(f => f.Detail)))
            .With("errors", faults);

    /// <summary>Text from outside, fit to be shown: short and without control characters.</summary>
    public static string Shown(string text)
    {
        string start = text.Length > 60 ? text[..60] + "…" : text;
        return string.Concat(start.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}

/// <summary>One fault of a body: a JSON pointer and what is wrong there.</summary>
internal sealed record Fault(string Pointer, string Detail);
