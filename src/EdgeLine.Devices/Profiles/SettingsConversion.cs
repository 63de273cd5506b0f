using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns one value of a settings file into text, number or pattern. Adds a problem and returns something harmless
/// (empty text, the least number) when the value is not within its limits.
/// </summary>
internal static class SettingsConversion
{
    private const int PatternLengthMax = 200;

    public static string Text(SettingsValue value, int lengthMax, bool controls, ICollection<SettingsProblem> problems)
    {
        SettingsProblem? problem = value switch
        {
            { Kind: not SettingsKind.Text } => value.Problem("not text", LengthLimit(lengthMax), "write it in quotes"),
            { Raw.Length: 0 } => value.Problem("empty", LengthLimit(lengthMax), "write something or remove the key"),
            _ when value.Raw.Length > lengthMax => value.Problem("too long", LengthLimit(lengthMax), "shorten it"),
            _ when !controls && value.Raw.Any(char.IsControl) => value.Problem(
                "control character", "text on one line", "remove \\r, \\n, \\t and the like"),
            _ => null,
        };
        if (problem is null)
        {
            return value.Raw;
        }

        problems.Add(problem);
        return "";
    }

    public static int Whole(SettingsValue value, int min, int max, string unit, ICollection<SettingsProblem> problems)
    {
        string limit = WholeLimit(min, max, unit);
        if (value.Kind != SettingsKind.Number)
        {
            problems.Add(value.Problem("not a number", limit, "write a whole number without quotes"));
            return min;
        }

        if (!long.TryParse(value.Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            problems.Add(value.Problem("not a whole number", limit, "write digits only, without point or exponent"));
            return min;
        }

        if (number < min || number > max)
        {
            problems.Add(value.Problem(number < min ? "too small" : "too large", limit, "choose a value within the limits"));
            return min;
        }

        return (int)number;
    }

    public static Regex? Pattern(SettingsValue value, ICollection<SettingsProblem> problems)
    {
        string text = Text(value, PatternLengthMax, controls: true, problems);
        try
        {
            // A profile's pattern runs on bytes that a device sent, at most one frame of them. The linear engine cannot be
            // made to hang by them; a time limit would only turn a moment without processor into a dead service.
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            problems.Add(value.Problem(
                $"not a usable pattern: {error.Message.TrimEnd('.')}",
                "a .NET regular expression without look-around and back-references",
                "simplify it; \\ is written \\\\ in JSON"));
            return null;
        }
    }

    public static string LengthLimit(int max) => string.Create(CultureInfo.InvariantCulture, $"1 to {max} characters");

    public static string WholeLimit(int min, int max, string unit) => max == int.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"at least {min} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{min} to {max} {unit}");
}
