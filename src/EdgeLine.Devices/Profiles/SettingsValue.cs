namespace EdgeLine.Devices.Profiles;

/// <summary>What a value in a settings file is.</summary>
public enum SettingsKind
{
    /// <summary><c>null</c>.</summary>
    Nothing,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Truth,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text in quotes.</summary>
    Text,

    /// <summary><c>[ ... ]</c>.</summary>
    List,

    /// <summary><c>{ ... }</c>.</summary>
    Section,
}

/// <summary>
/// One value of a settings file together with the place where it stands. It is what the file says, not yet what it
/// means: nothing has been compared with a limit.
/// </summary>
public sealed record SettingsValue(string File, int Line, int Column, string Key, SettingsKind Kind)
{
    /// <summary>The text, the digits of the number, or <c>true</c> and <c>false</c>.</summary>
    public string Raw { get; init; } = "";

    /// <summary>Values of a list.</summary>
    public IReadOnlyList<SettingsValue> Items { get; init; } = [];

    /// <summary>Keys and values of a section, in the order of the file. A repeated key appears as often as written.</summary>
    public IReadOnlyList<SettingsMember> Members { get; init; } = [];

    /// <summary>The value as a message shows it.</summary>
    public string Shown => Kind switch
    {
        SettingsKind.Text => SettingsProblem.Quote(Raw),
        SettingsKind.Number or SettingsKind.Truth => Raw.Length <= 40 ? Raw : Raw[..40] + "…",
        SettingsKind.Nothing => "null",
        SettingsKind.List => $"a list of {Items.Count}",
        _ => "a section { }",
    };

    /// <summary>A problem with this value, at its place.</summary>
    public SettingsProblem Problem(string what, string limit, string remedy) => new()
    {
        File = File,
        Line = Line,
        Column = Column,
        Key = Key,
        What = what,
        Value = Shown,
        Limit = limit,
        Remedy = remedy,
    };
}

/// <summary>A key of a section with its value. The place is that of the key.</summary>
public sealed record SettingsMember(string Name, int Line, int Column, SettingsValue Value);
