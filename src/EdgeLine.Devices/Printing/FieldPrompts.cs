using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The prompts of one template, <c>^FN1"code.url"</c>: which number stands for which field. A number has one name, and
/// a name is one of <see cref="LabelField"/>.
/// </summary>
internal sealed partial class FieldPrompts(string file)
{
    private readonly Dictionary<int, string> _names = [];

    /// <summary>The field of a prompt, or null and a problem.</summary>
    public string? NameOf(ZplCommand prompt, List<LabelProblem> problems)
    {
        Match match = Prompt().Match(prompt.Parameters);
        if (!match.Success)
        {
            return Refuse("a field is written ^FN1\"code.url\".", "Name the field.");
        }

        int number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        string? before = _names.GetValueOrDefault(number);
        string name = match.Groups[2].Success ? match.Groups[2].Value.Trim() : before ?? "";
        if (!LabelField.All.Contains(name, StringComparer.Ordinal))
        {
            return Refuse($"no field has the name '{name}'.", $"Fields are: {string.Join(", ", LabelField.All)}.");
        }

        if (before is not null && before != name)
        {
            return Refuse($"number {number} is {before} already.", "Give each name its own number.");
        }

        return _names[number] = name;

        string? Refuse(string limit, string remedy)
        {
            problems.Add(new(file, prompt.Line, prompt.ToString(), limit, remedy));
            return null;
        }
    }

    [GeneratedRegex("""^([0-9]{1,4})(?:"([^"]*)")?$""", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();
}
