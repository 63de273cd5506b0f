using System.CommandLine;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.People;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline people</c>: who may sign in.
/// </summary>
public static class PeopleCommand
{
    private const int PinDigitsMin = 4;
    private const int PinDigitsMax = 12;
    private const int BadgeMin = 6;
    private const int BadgeMax = 100;

    /// <summary>The command with its subcommands.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var name = new Argument<string>("name") { Description = "Short name: a-z, 0-9, dot and hyphen" };
        var shown = new Option<string?>("--shown") { Description = "Name for people; the short name when absent" };
        var roles = new Option<string[]>("--role")
        {
            Description = "operator, quality or maintenance; several are possible",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var pin = new Option<FileInfo?>("--pin-file") { Description = "File with the PIN; asked for when absent" };
        var badge = new Option<FileInfo?>("--badge-file") { Description = "File with the text of the badge; asked for when absent" };
        var add = new Command("add", "Add somebody, or change roles, PIN and badge of somebody") { name, shown, roles, pin, badge };
        add.SetAction(p => Change(p.GetValue(config)!, (file, output) => Add(
            file, p.GetValue(name)!, p.GetValue(shown), p.GetValue(roles) ?? [], p.GetValue(pin), p.GetValue(badge), output)));
        var remove = new Command("remove", "Remove somebody; their session ends") { name };
        remove.SetAction(p => Change(p.GetValue(config)!, (file, output) => Remove(file, p.GetValue(name)!, output)));
        var list = new Command("list", "Everybody with roles");
        list.SetAction(p => Change(p.GetValue(config)!, List));
        return new Command("people", "Who may sign in at the operator page") { add, remove, list };
    }

    private static int Change(FileInfo config, Func<string, TextWriter, int> act)
    {
        ConfigurationResult site = ConfigurationFile.Load(config.FullName);
        if (site.People is not { } people)
        {
            foreach (SettingsProblem problem in site.Problems.Where(p => p.Key.StartsWith("people", StringComparison.Ordinal)))
            {
                Console.Error.WriteLine(problem);
            }

            Console.Error.WriteLine($"{config.FullName} names no people file; add \"people\": {{ \"file\": \"people.json\" }}");
            return 2;
        }

        try
        {
            return act(people.File, Console.Out);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{people.File}: {e.Message}");
            return 3;
        }
    }

    private static int Add(string file, string name, string? shown, string[] words, FileInfo? pinFile, FileInfo? badgeFile, TextWriter output)
    {
        PeopleFile people = ReadOrNew(file);
        string text = string.IsNullOrWhiteSpace(shown) ? name : shown.Trim();
        Roles roles = Person.ParseRoles(words);
        string? wrong = !Person.IsName(name) ? $"'{name}' is no name: 1 to {Person.NameMax} of a-z, 0-9, dot and hyphen, and not a word that journals use"
            : text.Length > Person.NameMax || text.Any(char.IsControl) ? $"--shown has at most {Person.NameMax} characters on one line"
            : roles == Roles.None ? "--role is operator, quality or maintenance"
            : people.People.Count >= PeopleFile.PeopleMax ? $"a site has at most {PeopleFile.PeopleMax} people"
            : null;
        if (wrong is null)
        {
            string pin = Secret(pinFile, badgeFile is not null, $"PIN, {PinDigitsMin} to {PinDigitsMax} digits, Enter alone for none: ");
            string badge = Secret(badgeFile, pinFile is not null, "Scan the badge, Enter alone for none: ");
            wrong = WhyNot(pin, badge);
            if (wrong is null)
            {
                var person = new Person(
                    name, text, roles,
                    pin.Length == 0 ? null : SecretHash.Of(pin),
                    badge.Length == 0 ? null : SecretHash.Of(badge, salt: people.BadgeSalt));
                if (person.Badge is { } hash && people.People.FirstOrDefault(p => p.Name != name && p.Badge?.EqualTo(hash) == true) is { } other)
                {
                    wrong = $"this badge is that of {other.Name}";
                }
                else
                {
                    bool had = people.People.Any(p => p.Name == name);
                    (people with { People = [.. people.People.Where(p => p.Name != name), person] }).Write(file);
                    output.WriteLine($"{name} {(had ? "changed" : "added")}: {string.Join(", ", Person.Words(roles))}{(pin.Length > 0 ? ", PIN" : "")}{(badge.Length > 0 ? ", badge" : "")}");
                    return 0;
                }
            }
        }

        Console.Error.WriteLine(wrong);
        return 3;
    }

    private static int Remove(string file, string name, TextWriter output)
    {
        PeopleFile people = PeopleFile.Read(file);
        if (people.People.All(p => p.Name != name))
        {
            Console.Error.WriteLine($"There is no {name}; there are: {string.Join(", ", people.People.Select(p => p.Name))}");
            return 3;
        }

        (people with { People = [.. people.People.Where(p => p.Name != name)] }).Write(file);
        output.WriteLine($"{name} removed");
        return 0;
    }

    private static int List(string file, TextWriter output)
    {
        foreach (Person person in ReadOrNew(file).People)
        {
            output.WriteLine($"{person.Name,-20} {string.Join(", ", Person.Words(person.Roles)),-30} {person.Shown}{(person.Pin is null ? "" : ", PIN")}{(person.Badge is null ? "" : ", badge")}");
        }

        return 0;
    }

    private static PeopleFile ReadOrNew(string file) => File.Exists(file) ? PeopleFile.Read(file) : PeopleFile.New();

    private static string? WhyNot(string pin, string badge) =>
        pin.Length == 0 && badge.Length == 0 ? "a PIN or a badge is needed"
        : pin.Length > 0 && (pin.Length is < PinDigitsMin or > PinDigitsMax || !pin.All(char.IsAsciiDigit)) ? $"a PIN has {PinDigitsMin} to {PinDigitsMax} digits"
        : pin.Length > 0 && IsRow(pin) ? "a PIN of equal or consecutive digits is what everybody tries first"
        : badge.Length > 0 && (badge.Length is < BadgeMin or > BadgeMax || badge.Any(char.IsControl)) ? $"a badge has {BadgeMin} to {BadgeMax} characters"
        : null;

    private static bool IsRow(string pin)
    {
        int step = pin[1] - pin[0];
        return step is >= -1 and <= 1 && pin.Zip(pin.Skip(1)).All(two => two.Second - two.First == step);
    }

    // Where one of the two came from a file nobody sits there to be asked for the other.
    private static string Secret(FileInfo? file, bool otherIsFile, string prompt) =>
        file is null && otherIsFile ? "" : TypedSecret.Read(file, prompt);
}
