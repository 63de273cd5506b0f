using System.Globalization;

namespace EdgeLine.Service.Enrolment;

/// <summary>
/// The folders of a line: its ledger's, the one in which a new ledger is made, and those that were set aside. A line's key
/// has no dot, so none of them can be another line's.
/// </summary>
public sealed class LineFolders(string dataPath, string line)
{
    /// <summary>Where the service looks for the ledger.</summary>
    public string Current { get; } = Path.Combine(dataPath, line);

    /// <summary>Where a new ledger is made until it is whole.</summary>
    public string Making { get; } = Path.Combine(dataPath, line + ".enrolling");

    /// <summary>
    /// True between the two renames of an enrolment that was killed: the old ledger is aside, the new one not in place. A
    /// service that began a ledger of its own now would only be refused by the platform.
    /// </summary>
    public bool IsHalfEnrolled => !Directory.Exists(Current) && Directory.Exists(Making);

    /// <summary>Puts the current folder aside with everything in it; null when there is none. Nothing is ever deleted.</summary>
    public string? SetAside(DateTimeOffset now)
    {
        if (!Directory.Exists(Current))
        {
            return null;
        }

        string stamp = now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string aside = $"{Current}.set-aside-{stamp}";
        for (int n = 2; Path.Exists(aside); n++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{Current}.set-aside-{stamp}-{n}");
        }

        Directory.Move(Current, aside);
        return aside;
    }

    /// <summary>The new ledger becomes the line's. One rename: there or not there.</summary>
    public void PutInPlace() => Directory.Move(Making, Current);
}
