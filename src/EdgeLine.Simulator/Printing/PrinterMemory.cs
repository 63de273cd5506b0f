using System.Globalization;
using System.Text;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Formats stored by <c>^DF</c> on <c>R:</c>, which is lost at power-off. Names are <c>R:NAME.ZPL</c>; <c>*</c> stands for
/// any name or extension, as <c>^HW</c> and <c>^ID</c> take it.
/// </summary>
internal sealed class PrinterMemory
{
    private const int BytesInAll = 4 * 1024 * 1024;

    private readonly Dictionary<string, byte[]> _formats = [];

    /// <summary>What is stored, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Formats => _formats;

    /// <summary>Full name of an object: drive and extension are R: and .ZPL unless given.</summary>
    public static string NameOf(string text)
    {
        string name = text.Trim().ToUpperInvariant();
        name = name.Contains(':', StringComparison.Ordinal) ? name : $"R:{name}";
        return name.Contains('.', StringComparison.Ordinal) ? name : $"{name}.ZPL";
    }

    /// <summary>Stores a format; one of the same name is replaced.</summary>
    public void Store(string name, byte[] raw) => _formats[name] = raw;

    /// <summary><c>^ID</c>: deletes what the pattern names.</summary>
    public void Delete(string pattern)
    {
        foreach (string name in _formats.Keys.Where(n => Fits(n, pattern)).ToList())
        {
            _formats.Remove(name);
        }
    }

    /// <summary>Power is gone, and with it everything.</summary>
    public void Forget() => _formats.Clear();

    /// <summary>The answer to <c>^HW</c>.</summary>
    public string Listing(string pattern)
    {
        var text = new StringBuilder("\u0002\r\n- DIR R: \r\n");
        foreach ((string name, byte[] raw) in _formats.Where(f => Fits(f.Key, pattern)))
        {
            text.Append(CultureInfo.InvariantCulture, $"*{name[2..]} {raw.Length,8}  \r\n");
        }

        int free = BytesInAll - _formats.Sum(f => f.Value.Length);
        text.Append(CultureInfo.InvariantCulture, $"\r\n-{free,12} bytes free R: RAM\r\n\u0003\r\n");
        return text.ToString();
    }

    private static bool Fits(string name, string pattern)
    {
        string[] have = name.Split(':', '.');
        string[] want = pattern.Split(':', '.');
        return want.Length == 3 && have[0] == want[0] && want[1] is var n && (n == "*" || n == have[1])
            && (want[2] == "*" || want[2] == have[2]);
    }
}
