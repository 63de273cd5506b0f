namespace EdgeLine.IssuingPlatform.Access;

/// <summary>Who is asking: a person or a line, known by the token.</summary>
/// <param name="Name">Name that the audit trail shows.</param>
/// <param name="Roles">What the caller may do.</param>
/// <param name="Line">The lines of a device, joined by commas, else null.</param>
/// <param name="Organisation">Producer, laboratory or authority.</param>
internal sealed record Caller(string Name, Role Roles, string? Line, string Organisation)
{
    /// <summary>True when the caller has at least one of these roles.</summary>
    public bool Is(Role any) => (Roles & any) != 0;

    /// <summary>True for a person, and for a device that has this very line.</summary>
    public bool MaySee(string line) => Line is null || Line.Split(',').Contains(line, StringComparer.Ordinal);
}
