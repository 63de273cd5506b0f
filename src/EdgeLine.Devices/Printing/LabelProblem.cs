namespace EdgeLine.Devices.Printing;

/// <summary>
/// One reason why a label template or its data is refused. Names the place, the value, the limit and the remedy, so
/// that the file can be put right in one go.
/// </summary>
/// <param name="File">The template.</param>
/// <param name="Line">Line in the file from 1, or 0 when it is about the whole label.</param>
/// <param name="Subject">Command or field, such as <c>^PQ5</c> or <c>product.name</c>.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Remedy">What to do.</param>
public sealed record LabelProblem(string File, int Line, string Subject, string Limit, string Remedy)
{
    /// <inheritdoc />
    public override string ToString() =>
        Line > 0 ? $"{File}:{Line}: {Subject}: {Limit} {Remedy}" : $"{File}: {Subject}: {Limit} {Remedy}";
}
