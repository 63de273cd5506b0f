using EdgeLine.Service.People;

namespace EdgeLine.Service.Panel;

/// <summary>Who may do what at the page. One table, so that it can be read aloud.</summary>
public static class PanelRoles
{
    private const Roles Anybody = Roles.Operator | Roles.Quality | Roles.Maintenance;
    private const Roles Production = Roles.Operator | Roles.Quality;

    private static readonly Dictionary<string, Rule> Table = new()
    {
        ["start"] = new(Production),
        ["pause"] = new(Anybody),
        ["resume"] = new(Production),
        ["end"] = new(Production),
        ["clearance"] = new(Production),
        ["rework"] = new(Production),
        ["replacement"] = new(Production),
        ["roll-changed"] = new(Anybody),
        ["reprint-off"] = new(Anybody),
        ["scanner-check"] = new(Anybody),
        ["scanner-check-end"] = new(Anybody),
        ["acknowledge"] = new(Anybody),
        // Of a label that is on no good item; withdrawing a good one needs Supervisor and is refused by the line itself.
        ["void"] = new(Production),
        ["first-article"] = new(Production),
        ["first-article-judged"] = new(Roles.Quality),
        ["sample"] = new(Roles.Quality, NeedsPerson: true),
        ["void-verified"] = new(Roles.Quality, NeedsPerson: true),
        // More labels found than possible, with a reason.
        ["clearance-anyway"] = new(Roles.Quality, NeedsPerson: true),
        ["unlock"] = new(Roles.Quality | Roles.Maintenance, NeedsPerson: true),
        ["shelve"] = new(Roles.Maintenance | Roles.Quality, NeedsPerson: true),
        ["unshelve"] = new(Roles.Maintenance | Roles.Quality, NeedsPerson: true),
        // A changed site file: whoever swaps devices.
        ["apply"] = new(Roles.Maintenance),
        ["look"] = new(Anybody),
    };

    /// <summary>All actions of the table.</summary>
    public static IEnumerable<string> Actions => Table.Keys;

    /// <summary>Why somebody may not: <c>needs-sign-in</c>, <c>role-missing</c>, or empty.</summary>
    /// <param name="action">A key of the table.</param>
    /// <param name="person">Who is signed in, or null.</param>
    /// <param name="hasPeople">Whether the site knows people at all. Until it does, whoever stands there is an operator.</param>
    public static string Refusal(string action, Person? person, bool hasPeople)
    {
        Rule rule = Table[action];
        return person is null
            ? hasPeople || rule.NeedsPerson ? "needs-sign-in" : ""
            : (person.Roles & rule.Roles) == Roles.None ? "role-missing" : "";
    }

    /// <summary>The actions that somebody may do; what is not among them need not be offered.</summary>
    public static IReadOnlyList<string> AllowedTo(Person? person, bool hasPeople) =>
        [.. Table.Keys.Where(action => Refusal(action, person, hasPeople).Length == 0)];

    private sealed record Rule(Roles Roles, bool NeedsPerson = false);
}
