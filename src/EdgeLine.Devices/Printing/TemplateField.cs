using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>The commands of one field, from its origin to <c>^FS</c>.</summary>
internal sealed class TemplateField
{
    private readonly List<ZplCommand> _commands = [];

    public IReadOnlyList<ZplCommand> Commands => _commands;

    public bool IsEmpty => _commands.Count == 0;

    public int Line => _commands[0].Line;

    public void Add(ZplCommand command) => _commands.Add(command);

    public ZplCommand? Find(string name) =>
        _commands.Find(c => c.Name == name) is { Name: not null } found ? found : null;

    /// <summary>The bar code command, other than the defaults of <c>^BY</c>.</summary>
    public ZplCommand? BarCode =>
        _commands.Find(c => c.Name[0] == 'B' && c.Name != "BY") is { Name: not null } found ? found : null;

    /// <summary>True when the text is set in a font file of the printer, <c>^A@N,h,w,E:NAME.TTF</c>.</summary>
    public bool HasOwnFont =>
        _commands.Exists(c => c.Name == "A" && c.Parameters.StartsWith('@')
            && c.Parameter(3).Contains(':', StringComparison.Ordinal));

    private const int DotsMax = 100_000;

    /// <summary>Dots at a place of a command: 0 where there are none, and never so many that sums overflow.</summary>
    public static int Dots(ZplCommand command, int at) => Math.Min(DotsMax, Number(command, at) ?? 0);

    /// <summary>A whole number at a place of a command, or null.</summary>
    public static int? Number(ZplCommand command, int at) =>
        int.TryParse(command.Parameter(at), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
