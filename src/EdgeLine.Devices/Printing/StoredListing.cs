namespace EdgeLine.Devices.Printing;

/// <summary>
/// The answer to <c>^HW</c>: a heading <c>- DIR R:</c>, a line with a star for each object, the free bytes. Source: ZPL
/// Programming Guide, ^HW. Its length is bounded by that of a block.
/// </summary>
internal static class StoredListing
{
    /// <summary>Names with their extension; null when the block is something else.</summary>
    public static IReadOnlyList<string>? TryParse(string block)
    {
        string[] lines = block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0 && lines[0].TrimStart('-', ' ').StartsWith("DIR R:", StringComparison.Ordinal)
            ? [.. lines.Where(l => l.StartsWith('*')).Select(NameOf)]
            : null;
    }

    private static string NameOf(string line)
    {
        string name = line[1..].TrimStart().Split(' ', '\t')[0];
        return name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
