using System.Text;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The platform's word that this ledger is not the line's one and only past, kept beside it: a restart while the platform is
/// away must not forget it. An enrolment leaves it with the old ledger.
/// </summary>
internal sealed class SecondPast(LedgerDisk disk, string folder)
{
    private readonly string _path = Path.Combine(folder, "second-past.txt");

    /// <summary>What the platform said, or null.</summary>
    public string? Noted => disk.Read(_path) is { Length: > 0 } said ? Encoding.UTF8.GetString(said).Trim() : null;

    /// <summary>Writes it down; true on disk when this returns.</summary>
    public void Note(string what) => disk.Replace(_path, Encoding.UTF8.GetBytes(what + "\n"));

    /// <summary>The platform takes this ledger after all.</summary>
    public void Clear() => disk.Replace(_path, []);
}
