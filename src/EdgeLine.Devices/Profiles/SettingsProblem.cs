using System.Globalization;
using System.Text;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// One thing that is wrong in a file a person wrote. It always names the place, the value, the limit and the remedy,
/// so that the file can be mended once and not line by line.
/// </summary>
public sealed record SettingsProblem
{
    /// <summary>What stands for the key when the file as a whole is meant.</summary>
    public const string WholeFile = "(file)";

    private const int ShownCharactersMax = 80;

    /// <summary>Path of the file, as it was given.</summary>
    public required string File { get; init; }

    /// <summary>Line in the file, first is 1.</summary>
    public required int Line { get; init; }

    /// <summary>Character in the line, first is 1.</summary>
    public required int Column { get; init; }

    /// <summary>Key path, such as <c>lines.line-1.printer.link</c>, or <see cref="WholeFile"/>.</summary>
    public required string Key { get; init; }

    /// <summary>What is wrong.</summary>
    public required string What { get; init; }

    /// <summary>The value as the file has it, shortened; <c>missing</c> when there is none.</summary>
    public required string Value { get; init; }

    /// <summary>What would be right.</summary>
    public required string Limit { get; init; }

    /// <summary>What to do.</summary>
    public required string Remedy { get; init; }

    /// <summary>True for what is allowed but unwise; it never refuses a file.</summary>
    public bool IsWarning { get; init; }

    /// <summary>One line of text: <c>file:line: key: what (value); limit; remedy</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{File}:{Line}: {Key}: {(IsWarning ? "warning: " : "")}{What} ({Value}); {Limit}; {Remedy}");

    /// <summary>Text in quotes, without anything that could disturb a terminal, at most 80 characters of it.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length > ShownCharactersMax)
            {
                shown.Append('…');
                break;
            }

            _ = rune.Value switch
            {
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n"),
                '\t' => shown.Append("\\t"),
                '"' or '\\' => shown.Append('\\').Append((char)rune.Value),
                _ when IsUnsafe(rune) => shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => shown.Append(rune.ToString()),
            };
        }

        return shown.Append('"').ToString();
    }

    // Control characters move the cursor, format characters turn the direction of writing.
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
