namespace EdgeLine.Service.People;

/// <summary>
/// Counts wrong sign-ins, for each person and for each screen, and refuses further ones for a while. Kept by the
/// service, so another browser does not help. A screen is allowed four times as many, because a shift shares it.
/// </summary>
public sealed class LockOut(int wrongPins, TimeSpan lockFor, TimeProvider time)
{
    /// <summary>A screen may be wrong so many times more often than a person.</summary>
    public const int ScreenFactor = 4;

    // Screens come from addresses: an attacker must not fill the memory with them.
    private const int CountedMax = 2000;

    private readonly Dictionary<string, Wrongs> _wrongs = [];
    private readonly Lock _turn = new();

    /// <summary>Whether this person or this screen has to wait.</summary>
    public bool IsLocked(string? name, string source)
    {
        lock (_turn)
        {
            return (name is not null && Fresh(PersonKey(name)) >= wrongPins) || Fresh(SourceKey(source)) >= wrongPins * ScreenFactor;
        }
    }

    /// <summary>Counts one; true when it was the one that locks the person or the screen.</summary>
    public bool Wrong(string? name, string source)
    {
        lock (_turn)
        {
            bool person = name is not null && Count(PersonKey(name)) == wrongPins;
            return Count(SourceKey(source)) == wrongPins * ScreenFactor || person;
        }
    }

    /// <summary>Forgets what a person got wrong: signed in, or unlocked by a colleague. True when the person was locked.</summary>
    public bool Forget(string name)
    {
        lock (_turn)
        {
            bool locked = Fresh(PersonKey(name)) >= wrongPins;
            _wrongs.Remove(PersonKey(name));
            return locked;
        }
    }

    /// <summary>Who is locked out now, with the time that is left.</summary>
    public IReadOnlyList<(string Name, TimeSpan Left)> LockedPeople()
    {
        lock (_turn)
        {
            return [.. _wrongs.Where(w => w.Key[0] == 'p' && Fresh(w.Key) >= wrongPins).Select(w => (w.Key[1..], lockFor - time.GetElapsedTime(w.Value.LastAt)))];
        }
    }

    private static string PersonKey(string name) => "p" + name;

    private static string SourceKey(string source) => "s" + source;

    private int Fresh(string key) =>
        _wrongs.TryGetValue(key, out Wrongs counted) && time.GetElapsedTime(counted.LastAt) < lockFor ? counted.Times : 0;

    private int Count(string key)
    {
        int times = Fresh(key) + 1;
        if (_wrongs.Count >= CountedMax && !_wrongs.ContainsKey(key))
        {
            _wrongs.Remove(_wrongs.MinBy(w => w.Value.LastAt).Key);
        }

        _wrongs[key] = new Wrongs(times, time.GetTimestamp());
        return times;
    }

    private readonly record struct Wrongs(int Times, long LastAt);
}
