namespace EdgeLine.Service.People;

/// <summary>What a person may do at a line.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing; nobody is signed in.</summary>
    None = 0,

    /// <summary>Runs, rework, clearance, rolls, scanner check, acknowledge.</summary>
    Operator = 1,

    /// <summary>Decides about goods: withdraws good codes, takes samples, approves the first article.</summary>
    Quality = 2,

    /// <summary>Keeps the equipment going: rolls, scanner check, alarms.</summary>
    Maintenance = 4,
}

/// <summary>Somebody who may sign in.</summary>
/// <param name="Name">Short name, goes into the journal: 1 to 40 of a-z, 0-9, dot and hyphen.</param>
/// <param name="Shown">Name for people, 1 to 40 characters.</param>
/// <param name="Roles">At least one.</param>
/// <param name="Pin">Salted hash of the PIN, or null when there is only a badge.</param>
/// <param name="Badge">Salted hash of the badge, or null when there is only a PIN.</param>
public sealed record Person(string Name, string Shown, Roles Roles, SecretHash? Pin, SecretHash? Badge)
{
    /// <summary>Most characters of a name.</summary>
    public const int NameMax = 40;

    /// <summary>Names that would read as something else in a journal.</summary>
    private static readonly string[] Taken = ["auto", "mqtt", "panel", "service", "platform"];

    /// <summary>Whether a text may be a name.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= NameMax && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            && !Taken.Contains(text);
    }

    /// <summary>The roles of a list of words; <see cref="Roles.None"/> when one of them is none.</summary>
    public static Roles ParseRoles(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        Roles all = Roles.None;
        foreach (string word in words)
        {
            Roles one = word switch
            {
                "operator" => Roles.Operator,
                "quality" => Roles.Quality,
                "maintenance" => Roles.Maintenance,
                _ => Roles.None,
            };
            if (one == Roles.None)
            {
                return Roles.None;
            }

            all |= one;
        }

        return all;
    }

    /// <summary>The words of roles.</summary>
    public static IReadOnlyList<string> Words(Roles roles) =>
        [.. Enum.GetValues<Roles>().Where(r => r != Roles.None && roles.HasFlag(r)).Select(r => r.ToString().ToLowerInvariant())];
}
