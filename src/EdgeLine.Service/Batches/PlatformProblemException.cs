namespace EdgeLine.Service.Batches;

/// <summary>The platform answered with a problem, or could not be reached (<see cref="Type"/> is then platform-down).</summary>
public sealed class PlatformProblemException(string type, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Name of the problem, as in ProblemTypes, or platform-down.</summary>
    public string Type { get; } = type;

    /// <summary>The sequence number that the platform expects, when the problem is journal-gap.</summary>
    public long ExpectedSeq { get; init; }

    /// <summary>The lease that the platform does not know, when the problem is lease-unknown.</summary>
    public string LeaseId { get; init; } = "";

    /// <summary>True when asking again later can help.</summary>
    public bool IsOutage => Type == Outage;

    /// <summary>Problem name when nobody answered.</summary>
    public const string Outage = "platform-down";
}
