using System.Text;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The word of the platform, or of the second copy, that this ledger is not the line's one and only past, kept beside it: a
/// restart while neither is there must not forget it. An enrolment leaves it with the old ledger.
/// </summary>
internal sealed class SecondPast(LedgerDisk disk, string folder)
{
    /// <summary>Key of a finding of the second copy; all others are the platform's.</summary>
    public const string BehindCopy = "ledger-behind-copy";

    // Platform and second copy may find the same in the same second.
    private readonly Lock _oneWriter = new();
    private readonly string _path = Path.Combine(folder, "second-past.txt");

    /// <summary>What was said, or null.</summary>
    public string? Noted => disk.Read(_path) is { Length: > 0 } said ? Encoding.UTF8.GetString(said).Trim() : null;

    /// <summary>The key that pages have words for.</summary>
    public static string ReasonOf(string noted) => noted.StartsWith(BehindCopy, StringComparison.Ordinal) ? BehindCopy : "ledger-locked";

    /// <summary>Writes it down, on disk when this returns; beside what the second copy found the platform's word is no news.</summary>
    public void Note(string what)
    {
        lock (_oneWriter)
        {
            if (IsOfTheCopy && ReasonOf(what) != BehindCopy)
            {
                return;
            }

            disk.Replace(_path, Encoding.UTF8.GetBytes(what + "\n"));
        }
    }

    /// <summary>The platform takes this ledger after all; false when the second copy said it, of which the platform cannot know.</summary>
    public bool TryClear()
    {
        lock (_oneWriter)
        {
            if (IsOfTheCopy)
            {
                return false;
            }

            disk.Replace(_path, []);
            return true;
        }
    }

    private bool IsOfTheCopy => Noted is { } said && ReasonOf(said) == BehindCopy;
}
