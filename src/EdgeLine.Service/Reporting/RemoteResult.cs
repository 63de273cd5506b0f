namespace EdgeLine.Service.Reporting;

/// <summary>What became of a command.</summary>
/// <param name="Id">The sender's id, or empty when it could not be read.</param>
/// <param name="Name">What was wanted.</param>
/// <param name="Status"><c>accepted</c>, then <c>done</c> or <c>failed</c>; or <c>rejected</c>.</param>
/// <param name="Code">Stable key of why not; empty when accepted or done.</param>
/// <param name="Detail">The same for people, or empty.</param>
/// <param name="Repeated">True when this id was dealt with before and this is its old result.</param>
public sealed record RemoteResult(string Id, string Name, string Status, string Code = "", string Detail = "", bool Repeated = false)
{
    /// <summary>As it stands in the journal: id, status, code.</summary>
    public string Written => $"{Id} {Status} {Code}".TrimEnd();

    /// <summary>Reads what stands in the journal; null when it is no result.</summary>
    public static RemoteResult? Read(string name, string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        string[] parts = written.Split(' ');
        return parts.Length switch
        {
            // The service died between the two entries: nobody knows, and it is not tried again.
            2 when parts[1] == "accepted" => new RemoteResult(parts[0], name, "failed", "outcome-unknown"),
            2 => new RemoteResult(parts[0], name, parts[1]),
            3 => new RemoteResult(parts[0], name, parts[1], parts[2]),
            _ => null,
        };
    }

    /// <summary>The JSON body of <c>cmd/{name}/result</c>.</summary>
    public byte[] Body() => LineTopics.Body(json =>
    {
        json.WriteString("id", Id);
        json.WriteString("name", Name);
        json.WriteString("status", Status);
        json.WriteString("code", Code);
        json.WriteString("detail", Detail);
        json.WriteBoolean("repeated", Repeated);
    });
}
