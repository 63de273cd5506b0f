using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>A line while it is read: what is known of it, its problems so far, and the links it wants for itself.</summary>
internal sealed class LineDraft
{
    public required string Id { get; init; }

    public required SettingsValue Place { get; init; }

    public bool IdIsSound { get; set; }

    public string? Title { get; set; }

    public StationKind Station { get; set; }

    public List<SettingsProblem> Problems { get; } = [];

    /// <summary>Every address of this line with the place where it was written.</summary>
    public List<(SettingsValue Written, LinkAddress Link)> Links { get; } = [];

    public LineConfiguration? Line { get; set; }

    public bool HasErrors => Problems.Exists(one => !one.IsWarning);

    public bool IsSound => Line is not null && !HasErrors;

    public RefusedLine Refused() => new(Id, IdIsSound, Title ?? Id, Station, Problems);
}
