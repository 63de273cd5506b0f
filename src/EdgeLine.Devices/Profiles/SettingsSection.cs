using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// A section while it is turned into a record: asked key by key, each with its limit. Every wrong, missing, repeated or
/// unknown key becomes a problem and reading goes on, so the values are only worth something when no problem was added.
/// </summary>
public sealed class SettingsSection
{
    /// <summary>Longest pattern in a profile.</summary>
    public const int PatternLengthMax = 200;

    // A profile's pattern runs on bytes that a device sent. The linear engine cannot be made to hang by them; the
    // time limit guards what we did not think of.
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly string[] SecretWords = ["password", "token", "secret", "credential", "key"];

    private readonly ICollection<SettingsProblem> _problems;
    private readonly int _problemsBefore;
    private readonly HashSet<string> _asked = [];

    /// <summary>Begins to read a section; problems are added to the list given here.</summary>
    public SettingsSection(SettingsValue value, ICollection<SettingsProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(problems);
        Value = value;
        _problems = problems;
        _problemsBefore = problems.Count;
        RefuseRepeatedKeys();
    }

    /// <summary>The section as it stands in the file.</summary>
    public SettingsValue Value { get; }

    /// <summary>True while nothing wrong was found since this section was begun: only then may its values be compared.</summary>
    public bool IsSound => _problems.Count == _problemsBefore;

    /// <summary>The value of a key, or null when the key is not there. The key counts as known from now on.</summary>
    public SettingsValue? Find(string key)
    {
        _asked.Add(key);
        return Value.Members.FirstOrDefault(one => one.Name == key)?.Value;
    }

    /// <summary>Text of 1 to <paramref name="lengthMax"/> characters; required when there is no fallback.</summary>
    public string Text(string key, int lengthMax, string? fallback = null, bool controls = false) =>
        OptionalText(key, lengthMax, controls) ?? fallback ?? Missing(key, LengthLimit(lengthMax), "");

    /// <summary>
    /// Text of 1 to <paramref name="lengthMax"/> characters, or null when the key is absent or <c>null</c>. Control
    /// characters only belong into what is sent to a device.
    /// </summary>
    public string? OptionalText(string key, int lengthMax, bool controls = false)
    {
        if (Find(key) is not { Kind: not SettingsKind.Nothing } value)
        {
            return null;
        }

        return TextOf(value, lengthMax, controls);
    }

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

        string remedy = value.Kind == SettingsKind.Text ? NearName.Remedy(value.Raw, choices) : "write one of these words in quotes";
        Add(value.Problem("unknown word", limit, remedy));
        return choices[0];
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Truth(string key)
    {
        SettingsValue? value = Find(key);
        if (value is null)
        {
            return Missing(key, "true or false", false);
        }

        if (value.Kind != SettingsKind.Truth)
        {
            Add(value.Problem("not true or false", "true or false", "write it without quotes"));
        }

        return value.Raw == "true";
    }

    /// <summary>A whole number within limits; <paramref name="unit"/> says of what.</summary>
    public int Whole(string key, int min, int max, string unit, int? fallback = null) =>
        OptionalWhole(key, min, max, unit) ?? fallback ?? Missing(key, WholeLimit(min, max, unit), min);

    /// <summary>A whole number within limits, or null when the key is absent or <c>null</c>.</summary>
    public int? OptionalWhole(string key, int min, int max, string unit)
    {
        if (Find(key) is not { Kind: not SettingsKind.Nothing } value)
        {
            return null;
        }

        string limit = WholeLimit(min, max, unit);
        if (value.Kind != SettingsKind.Number)
        {
            Add(value.Problem("not a number", limit, "write a whole number without quotes"));
            return min;
        }

        if (!long.TryParse(value.Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            Add(value.Problem("not a whole number", limit, "write digits only, without point or exponent"));
            return min;
        }

        if (number < min || number > max)
        {
            Add(value.Problem(number < min ? "too small" : "too large", limit, "choose a value within the limits"));
            return min;
        }

        return (int)number;
    }

    /// <summary>A time in milliseconds.</summary>
    public TimeSpan Milliseconds(string key, int min, int max) => TimeSpan.FromMilliseconds(Whole(key, min, max, "ms"));

    /// <summary>A list of texts, each of 1 to <paramref name="lengthMax"/> characters; empty when it may be and is absent.</summary>
    public IReadOnlyList<string> Texts(string key, int countMin, int countMax, int lengthMax, bool controls = false) =>
        [.. Items(key, countMin, countMax).Select(one => TextOf(one, lengthMax, controls))];

    /// <summary>A regular expression; null when the key is absent or <c>null</c>.</summary>
    public Regex? OptionalPattern(string key) =>
        Find(key) is { Kind: not SettingsKind.Nothing } value ? PatternOf(value) : null;

    /// <summary>A list of regular expressions.</summary>
    public IReadOnlyList<Regex> Patterns(string key, int countMax) =>
        [.. Items(key, 0, countMax).Select(PatternOf).OfType<Regex>()];

    /// <summary>A section that must be there; null after the problem was added.</summary>
    public SettingsSection? Section(string key) =>
        Find(key) is null ? Missing<SettingsSection?>(key, "a section { }", null) : OptionalSection(key);

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
                    : "remove it") with { Line = member.Line, Column = member.Column };
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
                    $"remove one; the first is on line {same.First().Line}") with { Line = again.Line, Column = again.Column });
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

    private string TextOf(SettingsValue value, int lengthMax, bool controls)
    {
        if (value.Kind != SettingsKind.Text)
        {
            Add(value.Problem("not text", LengthLimit(lengthMax), "write it in quotes"));
        }
        else if (value.Raw.Length == 0 || value.Raw.Length > lengthMax)
        {
            Add(value.Problem(value.Raw.Length == 0 ? "empty" : "too long", LengthLimit(lengthMax), "change the text"));
        }
        else if (!controls && value.Raw.Any(char.IsControl))
        {
            Add(value.Problem("control character", "text on one line", "remove \\r, \\n, \\t and the like"));
        }

        return value.Raw;
    }

    private Regex? PatternOf(SettingsValue value)
    {
        string text = TextOf(value, PatternLengthMax, controls: true);
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            Add(value.Problem(
                $"not a usable pattern: {error.Message.TrimEnd('.')}",
                "a .NET regular expression without look-around and back-references",
                "simplify it; \\ is written \\\\ in JSON"));
            return null;
        }
    }

    private static string LengthLimit(int max) => string.Create(CultureInfo.InvariantCulture, $"1 to {max} characters");

    private static string WholeLimit(int min, int max, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{min} to {max} {unit}");
}
