using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.People;

/// <summary>
/// The people of the site as the running service knows them. Looks whether the file has changed, so that nobody has to
/// stop a line to add a colleague; a file that went bad changes nothing.
/// </summary>
public sealed class PeopleRegister
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _turn = new();
    private PeopleFile _people = new([], []);
    private DateTime _written;
    private long _lookedAt;

    /// <summary>Reads the file.</summary>
    public PeopleRegister(string path, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_path, _time, _log) = (path, time, log);
        Look();
    }

    /// <summary>Somebody by the short name, or null.</summary>
    public Person? Find(string name) => Now().People.FirstOrDefault(p => p.Name == name);

    /// <summary>Everybody.</summary>
    public IReadOnlyList<Person> All => Now().People;

    /// <summary>Whose badge this is, or null. Looks at all of them, so that the time does not tell where it stopped.</summary>
    public Person? ByBadge(string badge)
    {
        PeopleFile people = Now();
        Person? found = null;
        foreach (IGrouping<int, Person> same in people.People.Where(p => p.Badge is not null).GroupBy(p => p.Badge!.Iterations))
        {
            var shown = SecretHash.Of(badge, same.Key, people.BadgeSalt);
            foreach (Person person in same)
            {
                found = person.Badge!.EqualTo(shown) ? person : found;
            }
        }

        return found;
    }

    private PeopleFile Now()
    {
        lock (_turn)
        {
            if (_time.GetElapsedTime(_lookedAt) >= LookEvery)
            {
                Look();
            }

            return _people;
        }
    }

    private void Look()
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(_path);
            if (written != _written)
            {
                _written = written;
                _people = PeopleFile.Read(_path);
            }
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            _log.LogError("People: {File}: {Why}; the people known so far stay", _path, e.Message);
        }
    }
}
