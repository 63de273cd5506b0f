using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// A section while it is turned into a record: asked key by key, each with its limit. Every wrong, missing, repeated or
/// unknown key becomes a problem and reading goes on, so the values are only worth something when no problem was added.
/// </summary>
public sealed class SettingsSection
{
    private static readonly string[] SecretWords = ["password", "token", "secret", "credential", "key"];

    private readonly ICollection<SettingsProblem> _problems;
    private readonly int _errorsBefore;
    private readonly HashSet<string> _asked = [];

    /// <summary>Begins to read a section; problems are added to the list given here.</summary>
    public SettingsSection(SettingsValue value, ICollection<SettingsProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(problems);
        Value = value;
        _problems = problems;
        _errorsBefore = problems.Count(one => !one.IsWarning);
        RefuseRepeatedKeys();
    }

    /// <summary>The section as it stands in the file.</summary>
    public SettingsValue Value { get; }

    /// <summary>True while nothing wrong was found since this section was begun.</summary>
    public bool IsSound => _problems.Count(one => !one.IsWarning) == _errorsBefore;

    /// <summary>True when these keys are there and nothing was wrong with them: only then may their values be compared.</summary>
    public bool AreSound(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Find(key) is not { } value
                || _problems.Any(one => !one.IsWarning && one.File == value.File && one.Key == value.Key))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value of a key, or null when the key is not there. The key counts as known from now on.</summary>
    public SettingsValue? Find(string key)
    {
        _asked.Add(key);
        return Value.Members.FirstOrDefault(one => one.Name == key)?.Value;
    }

    /// <summary>Text of 1 to <paramref name="lengthMax"/> characters; required when there is no fallback.</summary>
    public string Text(string key, int lengthMax, string? fallback = null, bool controls = false) =>
        OptionalText(key, lengthMax, controls) ?? fallback ?? Missing(key, SettingsConversion.LengthLimit(lengthMax), "");

    /// <summary>
    /// Text of 1 to <paramref name="lengthMax"/> characters, or null when the key is absent or <c>null</c>. Control
    /// characters only belong into what is sent to a device.
    /// </summary>
    public string? OptionalText(string key, int lengthMax, bool controls = false) =>
        Find(key) is { Kind: not SettingsKind.Nothing } value
            ? SettingsConversion.Text(value, lengthMax, controls, _problems)
            : null;

    /// <summary>One of a few words.</summary>
    public string Choice(string key, IReadOnlyList<string> choices, string? fallback = null)
    {
        string limit = $"one of {string.Join(", ", choices)}";
        if (Find(key) is not { } value)
        {
            return fallback ?? Missing(key, limit, choices[0]);
        }

        if (value.Kind == SettingsKind.Text && choices.Contains(value.Raw))
        {
            return value.Raw;
        }

        string remedy = value.Kind == SettingsKind.Text
            ? NearName.Remedy(value.Raw, choices)
            : "write one of these words in quotes";
        Add(value.Problem("unknown word", limit, remedy));
        return choices[0];
    }

    /// <summary>One of a few words, or null when the key is absent or <c>null</c>.</summary>
    public string? OptionalChoice(string key, IReadOnlyList<string> choices) =>
        Find(key) is { Kind: not SettingsKind.Nothing } ? Choice(key, choices) : null;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Truth(string key, bool? fallback = null)
    {
        SettingsValue? value = Find(key);
        if (value is null)
        {
            return fallback ?? Missing(key, "true or false", false);
        }

        if (value.Kind != SettingsKind.Truth)
        {
            Add(value.Problem("not true or false", "true or false", "write it without quotes"));
        }

        return value.Raw == "true";
    }

    /// <summary>A whole number within limits; <paramref name="unit"/> says of what.</summary>
    public int Whole(string key, int min, int max, string unit, int? fallback = null) =>
        OptionalWhole(key, min, max, unit) ?? fallback ?? Missing(key, SettingsConversion.WholeLimit(min, max, unit), min);

    /// <summary>A whole number within limits, or null when the key is absent or <c>null</c>.</summary>
    public int? OptionalWhole(string key, int min, int max, string unit) =>
        Find(key) is { Kind: not SettingsKind.Nothing } value
            ? SettingsConversion.Whole(value, min, max, unit, _problems)
            : null;

    /// <summary>A time in milliseconds.</summary>
    public TimeSpan Milliseconds(string key, int min, int max) => TimeSpan.FromMilliseconds(Whole(key, min, max, "ms"));

    /// <summary>A list of texts of 1 to <paramref name="lengthMax"/> characters; empty when it may be absent.</summary>
    public IReadOnlyList<string> Texts(string key, int countMin, int countMax, int lengthMax, bool controls = false) =>
        [.. Items(key, countMin, countMax).Select(one => SettingsConversion.Text(one, lengthMax, controls, _problems))];

    /// <summary>A regular expression; null when the key is absent or <c>null</c>.</summary>
    public Regex? OptionalPattern(string key) =>
        Find(key) is { Kind: not SettingsKind.Nothing } value ? SettingsConversion.Pattern(value, _problems) : null;

    /// <summary>A list of regular expressions.</summary>
    public IReadOnlyList<Regex> Patterns(string key, int countMax) =>
        [.. Items(key, 0, countMax).Select(one => SettingsConversion.Pattern(one, _problems)).OfType<Regex>()];

    /// <summary>A section that must be there; null after the problem was added.</summary>
    public SettingsSection? Section(string key) =>
        Find(key) is null or { Kind: SettingsKind.Nothing }
            ? Missing<SettingsSection?>(key, "a section { }", null)
            : OptionalSection(key);

    /// <summary>A section; null when the key is absent or <c>null</c>.</summary>
    public SettingsSection? OptionalSection(string key)
    {
        if (Find(key) is not { Kind: not SettingsKind.Nothing } value)
        {
            return null;
        }

        if (value.Kind == SettingsKind.Section)
        {
            return new SettingsSection(value, _problems);
        }

        Add(value.Problem("not a section", "a section { }", "write { } with the keys inside"));
        return null;
    }

    /// <summary>What every file begins with: the version of its shape, and the schema for editors.</summary>
    public void Heading()
    {
        OptionalText("$schema", 300);
        int? version = OptionalWhole("schemaVersion", 1, int.MaxValue, "(1 is the only version so far)");
        if (version is null)
        {
            Missing("schemaVersion", "1", 0);
        }
        else if (version > 1)
        {
            Add(Find("schemaVersion")!.Problem(
                "made for a newer EdgeLine", "1", "install the version that this file was made for"));
        }
    }

    /// <summary>A value that is there but wrong.</summary>
    public void Add(SettingsProblem problem) => _problems.Add(problem);

    /// <summary>A key that should be there; the place is that of the section.</summary>
    public T Missing<T>(string key, string limit, T instead, string what = "missing", string? remedy = null)
    {
        Add(Value.Problem(what, limit, remedy ?? $"add \"{key}\" to this section") with
        {
            Key = Value.Key.Length == 0 ? key : $"{Value.Key}.{key}",
            Value = "missing",
        });
        return instead;
    }

    /// <summary>To be called last: every key that nobody asked for is a problem.</summary>
    public void End()
    {
        foreach (SettingsMember member in Value.Members.Where(one => !_asked.Contains(one.Name)))
        {
            Add(Unknown(member));
        }
    }

    private SettingsProblem Unknown(SettingsMember member)
    {
        // A secret must not appear in a message that ends in a log or a photograph of the screen.
        bool secret = SecretWords.Any(word => member.Name.EndsWith(word, StringComparison.OrdinalIgnoreCase));
        SettingsProblem problem = member.Value.Problem(
            "unknown key",
            $"known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}",
            secret
                ? "secrets are never written here: put it into a file and name the file"
                : NearName.Of(member.Name, _asked) is { Count: > 0 } near
                    ? $"did you mean {string.Join(" or ", near)}?"
                    : "remove it") with
        { Line = member.Line, Column = member.Column };
        return secret ? problem with { Value = "not shown" } : problem;
    }

    private void RefuseRepeatedKeys()
    {
        foreach (IGrouping<string, SettingsMember> same in Value.Members.GroupBy(one => one.Name))
        {
            foreach (SettingsMember again in same.Skip(1))
            {
                Add(again.Value.Problem(
                    "the same key twice",
                    "each key once",
                    $"remove one; the first is on line {same.First().Line}") with
                { Line = again.Line, Column = again.Column });
            }
        }
    }

    private IReadOnlyList<SettingsValue> Items(string key, int countMin, int countMax)
    {
        string limit = $"a list of {countMin} to {countMax}";
        if (Find(key) is not { } value)
        {
            return countMin == 0 ? [] : Missing<IReadOnlyList<SettingsValue>>(key, limit, []);
        }

        if (value.Kind != SettingsKind.List)
        {
            Add(value.Problem("not a list", limit, "write [ ] around the values"));
            return [];
        }

        if (value.Items.Count < countMin || value.Items.Count > countMax)
        {
            Add(value.Problem(value.Items.Count < countMin ? "too few" : "too many", limit, "change the number of values"));
        }

        return value.Items;
    }
}
