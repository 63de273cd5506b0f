using System.Text.RegularExpressions;

namespace EdgeLine.Service.Reporting;

/// <summary>A text in the two languages of the product.</summary>
public sealed record TwoLanguages(string En, string Zh);

/// <summary>
/// What a reason or alarm means and what to do, in both languages, for readers of MQTT that have no words of their own.
/// Read from the very files that the operator page uses, so that no dashboard says something else than the page.
/// </summary>
public sealed partial class CauseWords
{
    private readonly Dictionary<string, (string Title, string Advice)> _en = Read("en");
    private readonly Dictionary<string, (string Title, string Advice)> _zh = Read("zh");

    private CauseWords()
    {
    }

    /// <summary>The words that are shipped with this program.</summary>
    public static CauseWords Shipped { get; } = new();

    /// <summary>Keys that have words in both languages.</summary>
    public IEnumerable<string> Keys => _en.Keys.Intersect(_zh.Keys);

    /// <summary>What happened; the key itself when there are no words for it.</summary>
    public TwoLanguages TitleOf(string key, IReadOnlyDictionary<string, string> args) => new(
        Fill(_en.GetValueOrDefault(key, (key, "")).Item1, args), Fill(_zh.GetValueOrDefault(key, (key, "")).Item1, args));

    /// <summary>What to do; empty when there are no words for the key.</summary>
    public TwoLanguages AdviceOf(string key, IReadOnlyDictionary<string, string> args) => new(
        Fill(_en.GetValueOrDefault(key, (key, "")).Item2, args), Fill(_zh.GetValueOrDefault(key, (key, "")).Item2, args));

    private static string Fill(string text, IReadOnlyDictionary<string, string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return Placeholder().Replace(text, m => args.GetValueOrDefault(m.Groups[1].Value, "?"));
    }

    private static Dictionary<string, (string Title, string Advice)> Read(string language)
    {
        string page = Text(language);
        int from = page.IndexOf("\n  reasons: {", StringComparison.Ordinal);
        var words = new Dictionary<string, (string, string)>();
        // Where a key is in both, a reason goes before an alarm, as on the page.
        foreach (string text in (string[])[Text($"alarms-{language}"), page[from..page.IndexOf("\n  },", from, StringComparison.Ordinal)]])
        {
            foreach (Match m in Entry().Matches(text))
            {
                words[m.Groups["key"].Value] = (Plain(m.Groups["title"].Value), Plain(m.Groups["advice"].Value));
            }
        }

        return words;
    }

    private static string Text(string name)
    {
        using Stream file = typeof(CauseWords).Assembly.GetManifestResourceStream($"words/{name}.js")
            ?? throw new InvalidOperationException($"The words {name}.js are not in this program.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static string Plain(string quoted) => quoted.Replace("\\'", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"'?(?<key>[\w-]+)'?: \[\s*'(?<title>(?:[^'\\]|\\.)*)',\s*'(?<advice>(?:[^'\\]|\\.)*)',?\s*\]")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
