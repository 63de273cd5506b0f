namespace EdgeLine.Devices.Profiles;

/// <summary>Finds the names a person probably meant. Compares without regard to case and never guesses far.</summary>
public static class NearName
{
    private const int ListedMax = 8;

    /// <summary>
    /// The known names near to <paramref name="written"/>, nearest first, at most three; else those that contain it, such as
    /// the model that stands on a printer's plate.
    /// </summary>
    public static IReadOnlyList<string> Of(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        string[] all = [.. known];
        string[] near = [.. all
            .Select(name => (Name: name, Distance: Distance(Lower(written), Lower(name))))
            .Where(one => one.Distance <= Math.Max(1, one.Name.Length / 3))
            .OrderBy(one => one.Distance)
            .ThenBy(one => one.Name, StringComparer.Ordinal)
            .Take(3)
            .Select(one => one.Name)];
        string plate = Lower(written);
        return near.Length > 0 || plate.Length < 3 ? near
            : [.. all.Where(name => Lower(name).Contains(plate, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(3)];
    }

    /// <summary>A remedy: the near names, or else the first of the known ones.</summary>
    public static string Remedy(string written, IEnumerable<string> known)
    {
        string[] all = [.. known];
        IReadOnlyList<string> near = Of(written, all);
        return near.Count > 0
            ? $"did you mean {string.Join(" or ", near)}?"
            : all.Length > 0 ? $"known here: {string.Join(", ", all.Take(ListedMax))}{(all.Length > ListedMax ? $" and {all.Length - ListedMax} more" : "")}" : "nothing is known here";
    }

    private static string Lower(string text) => text.Length <= 64 ? text.ToLowerInvariant() : text[..64].ToLowerInvariant();

    // Wrong, missing, additional and swapped characters count one each.
    private static int Distance(string from, string to)
    {
        int[,] cost = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                cost[i, j] = (i, j) switch
                {
                    (_, 0) => i,
                    (0, _) => j,
                    _ => Math.Min(
                        Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                        cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[from.Length, to.Length];
    }
}
