using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Makes a template that says for which resolution it was drawn, <c>^FX resolution: 12 dots/mm ^FS</c>, fit a printer of
/// another one: places, sizes and blocks are multiplied; a QR module is rounded down to whole dots.
/// </summary>
internal static partial class TemplateScale
{
    // Which parameters of a command are dots.
    private static readonly Dictionary<string, int[]> Dots = new(StringComparer.Ordinal)
    {
        ["FO"] = [0, 1],
        ["FT"] = [0, 1],
        ["LH"] = [0, 1],
        ["PW"] = [0],
        ["LL"] = [0],
        ["A"] = [1, 2],
        ["CF"] = [1, 2],
        ["FB"] = [0, 2, 4],
        ["GB"] = [0, 1, 2],
        ["GC"] = [0, 1],
        ["GD"] = [0, 1, 2],
        ["GE"] = [0, 1, 2],
        ["GS"] = [1, 2],
    };

    // Lines and letters never vanish.
    private static readonly HashSet<string> AtLeastOne = ["A", "CF", "GB", "GC", "GD", "GE", "GS"];

    /// <summary>The commands for a printer; unchanged where the template names no resolution or the printer's.</summary>
    public static List<ZplCommand> Apply(string file, List<ZplCommand> commands, int dotsPerMm, List<LabelProblem> problems)
    {
        List<ZplCommand> named = commands.FindAll(c => c.Name == "FX" && Resolution().IsMatch(c.Parameters));
        if (named.Count > 1)
        {
            problems.Add(new(file, named[1].Line, named[1].ToString(), "a template has one resolution.", "Remove it."));
        }

        int drawn = named.Count == 0 ? dotsPerMm
            : int.Parse(Resolution().Match(named[0].Parameters).Groups[1].Value, CultureInfo.InvariantCulture);
        if (drawn is not (6 or 8 or 12 or 24))
        {
            problems.Add(new(file, named[0].Line, named[0].ToString(), "a print head has 6, 8, 12 or 24 dots/mm.", "Write one of them."));
            return commands;
        }

        return drawn == dotsPerMm ? commands : Scaled(file, commands, dotsPerMm, drawn, problems);
    }

    private static List<ZplCommand> Scaled(
        string file, List<ZplCommand> commands, int dotsPerMm, int drawn, List<LabelProblem> problems)
    {
        List<ZplCommand> scaled = [];
        for (int i = 0; i < commands.Count; i++)
        {
            ZplCommand command = commands[i];
            if (command.Name == "GF" || (command.Name[0] == 'B' && command.Name is not ("BQ" or "BY")))
            {
                problems.Add(new(
                    file, command.Line, "^" + command.Name, $"it cannot be made for {dotsPerMm} from {drawn} dots/mm.",
                    $"Use a printer with {drawn} dots/mm, or draw a template for {dotsPerMm}."));
            }

            bool ofSymbol = command.Name == "FO"
                && commands.Skip(i).TakeWhile(c => c.Name != "FS").Any(c => c.Name == "BQ");
            scaled.Add(command with { Parameters = Numbers(command, dotsPerMm, drawn, ofSymbol) });
        }

        return scaled;
    }

    private static string Numbers(ZplCommand command, int dotsPerMm, int drawn, bool ofSymbol)
    {
        string[] all = command.Parameters.Split(',');
        foreach (int at in command.Name == "BQ" ? [2] : Dots.GetValueOrDefault(command.Name) ?? [])
        {
            if (at < all.Length && int.TryParse(all[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int dots)
                && Math.Abs(dots) < 100_000)
            {
                // A symbol stands lower than its origin by dots that do not depend on the resolution.
                int shift = ofSymbol && at == 1 ? QrRules.ShiftDots : 0;
                int value = command.Name == "BQ"
                    ? dots * dotsPerMm / drawn
                    : (int)Math.Round((double)(dots + shift) * dotsPerMm / drawn, MidpointRounding.AwayFromZero) - shift;
                value = AtLeastOne.Contains(command.Name) && dots > 0 ? Math.Max(1, value) : value;
                all[at] = value.ToString(CultureInfo.InvariantCulture);
            }
        }

        return string.Join(',', all);
    }

    [GeneratedRegex("^ *resolution: *([0-9]{1,3}) *dots/mm *$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Resolution();
}
