namespace EdgeLine.IssuingPlatform.Access;

/// <summary>Who is asking: a person or a line, known by the token.</summary>
/// <param name="Name">Name that the audit trail shows.</param>
/// <param name="Roles">What the caller may do.</param>
/// <param name="Line">The lines of a device, joined by commas, else null.</param>
/// <param name="Organisation">Producer, laboratory or authority.</param>
/// <param name="Lost">Lines that this device had until another PC was enrolled for them, joined by commas, else null.</param>
internal sealed record Caller(string Name, Role Roles, string? Line, string Organisation, string? Lost = null)
{
    /// <summary>True when the caller has at least one of these roles.</summary>
    public bool Is(Role any) => (Roles & any) != 0;

    /// <summary>True for a person, and for a device that has this very line.</summary>
    public bool MaySee(string line) => Line is null || Has(Line, line);

    /// <summary>True for a device whose place at this line another PC has taken.</summary>
    public bool WasReplacedAt(string line) => Lost is not null && Has(Lost, line);

    private static bool Has(string lines, string line) => lines.Split(',').Contains(line, StringComparer.Ordinal);
}
