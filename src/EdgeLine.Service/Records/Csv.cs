using System.Globalization;
using System.Text;

namespace EdgeLine.Service.Records;

/// <summary>
/// Lines of comma-separated values as RFC 4180 has them. A text that a spreadsheet would take for a formula gets an
/// apostrophe in front: names and reasons come from people, and the file is opened by others.
/// </summary>
public static class Csv
{
    /// <summary>One line with its end.</summary>
    public static string Line(params ReadOnlySpan<object?> fields)
    {
        var line = new StringBuilder();
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                line.Append(',');
            }

            line.Append(Field(fields[i]));
        }

        return line.Append("\r\n").ToString();
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        long or int => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => Quoted(Harmless(value.ToString() ?? "")),
    };

    private static string Harmless(string text) =>
        text.AsSpan().TrimStart(" \u00A0\uFEFF").StartsWithAny("=+-@\t\r\n|%\uFF1D\uFF0B\uFF0D\uFF20") ? "'" + text : text;

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny("\",\r\n'") || text.AsSpan().ContainsAny(" ;\t")
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;

    private static bool StartsWithAny(this ReadOnlySpan<char> text, ReadOnlySpan<char> any) => text.Length > 0 && any.Contains(text[0]);
}
