namespace EdgeLine.Simulator.Printing;

/// <summary>
/// How many modules a QR symbol of model 2 has on a side (ISO/IEC 18004, table 7, versions 1 to 10). Used to know from
/// which dot row on a symbol is complete on paper.
/// </summary>
internal static class QrSize
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    private static readonly Dictionary<char, int[]> InBytes = new()
    {
        ['L'] = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271],
        ['M'] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213],
        ['Q'] = [11, 20, 32, 46, 60, 74, 86, 108, 130, 151],
        ['H'] = [7, 14, 24, 34, 44, 58, 64, 84, 98, 119],
    };

    private static readonly Dictionary<char, int[]> InAlphanumeric = new()
    {
        ['L'] = [25, 47, 77, 114, 154, 195, 224, 279, 335, 395],
        ['M'] = [20, 38, 61, 90, 122, 154, 178, 221, 262, 311],
        ['Q'] = [16, 29, 47, 67, 87, 108, 125, 157, 189, 221],
        ['H'] = [10, 20, 35, 50, 64, 84, 93, 122, 143, 174],
    };

    /// <summary>Modules on a side for a text at an error correction level (H, Q, M or L).</summary>
    public static int Modules(string text, char level)
    {
        bool small = text.All(c => Alphanumeric.Contains(c, StringComparison.Ordinal));
        int[] limits = (small ? InAlphanumeric : InBytes)[level is 'H' or 'Q' or 'M' or 'L' ? level : 'M'];
        int version = 1 + limits.TakeWhile(limit => limit < text.Length).Count();
        return 17 + 4 * version;
    }
}
