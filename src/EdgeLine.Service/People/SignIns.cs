using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Service.People;

/// <summary>What somebody shows: a badge, or a name with its PIN.</summary>
public sealed record Credentials(string? Badge, string? Name, string? Pin);

/// <summary>What came of a sign-in: a session token, or the key of the refusal.</summary>
public sealed record SignInResult(string Token, Person? Person, string Refused);

/// <summary>
/// Who is signed in at which screen. Sessions live in memory and end by themselves after a time without a touch; what
/// happens is told to <paramref name="note"/> as name, screen, what and detail, for the journal of every line.
/// </summary>
public sealed class SignIns(
    PeopleRegister people, TimeSpan logOff, LockOut locks, TimeProvider time, Action<string, string, string, string> note) : IDisposable
{
    private const int SessionsMax = 200;
    private const int SecretMax = 100;

    // Any name that nobody has takes as long as a wrong PIN.
    private static readonly SecretHash Nobody = SecretHash.Of("");

    private readonly Dictionary<string, Session> _sessions = [];
    private readonly Lock _turn = new();
    // Hashing is dear on purpose; more than one at a time would be a way to slow the line PC down.
    private readonly SemaphoreSlim _hashing = new(1);

    /// <summary>Time without a touch after which somebody is signed out.</summary>
    public TimeSpan LogOff => logOff;

    /// <summary>Everybody who may sign in.</summary>
    public PeopleRegister People => people;

    /// <summary>Signs in, or says why not: <c>sign-in-refused</c> or <c>locked-out</c>.</summary>
    /// <param name="shown">What the person shows.</param>
    /// <param name="screen">Where, for the journal.</param>
    /// <param name="source">Address that wrong attempts are counted for.</param>
    /// <param name="stop">The browser went away.</param>
    public async Task<SignInResult> SignInAsync(Credentials shown, string screen, string source, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(shown);
        string? claimed = shown.Badge is null ? shown.Name?.Trim().ToLowerInvariant() : null;
        claimed = claimed is { Length: > 0 } && people.Find(claimed) is not null ? claimed : null;
        await _hashing.WaitAsync(stop);
        try
        {
            if (locks.IsLocked(claimed, source))
            {
                return new SignInResult("", null, "locked-out");
            }

            Person? person = await Task.Run(() => Recognise(shown, claimed), stop);
            if (person is not null && locks.IsLocked(person.Name, source))
            {
                return new SignInResult("", null, "locked-out");
            }

            return person is null ? Refuse(claimed, screen, source) : Admit(person, screen);
        }
        finally
        {
            _hashing.Release();
        }
    }

    /// <summary>Who belongs to a token, or null. People who were removed or given other roles are judged as they are now.</summary>
    public Person? Find(string? token, bool touch)
    {
        Sweep();
        lock (_turn)
        {
            if (token is null || !_sessions.TryGetValue(KeyOf(token), out Session? session))
            {
                return null;
            }

            if (touch)
            {
                session.TouchedAt = time.GetTimestamp();
            }

            return people.Find(session.Name);
        }
    }

    /// <summary>Ends a session.</summary>
    public void SignOut(string? token)
    {
        Session? ended = null;
        lock (_turn)
        {
            if (token is not null && _sessions.Remove(KeyOf(token), out Session? session))
            {
                ended = session;
            }
        }

        if (ended is not null)
        {
            note(ended.Name, ended.Screen, "signed-out", "");
        }
    }

    /// <summary>Who is locked out, with the seconds that are left.</summary>
    public IReadOnlyList<(string Name, TimeSpan Left)> Locked => locks.LockedPeople();

    /// <summary>A colleague unlocks somebody; false when nobody of that name is locked.</summary>
    public bool Unlock(string name, string by, string screen)
    {
        bool was = locks.Forget(name);
        if (was)
        {
            note(by, screen, "unlocked", name);
        }

        return was;
    }

    /// <summary>Ends sessions that nobody has touched for too long, and those of people who are gone.</summary>
    public void Sweep()
    {
        var ended = new List<(Session Session, string Why)>();
        lock (_turn)
        {
            foreach ((string key, Session session) in _sessions.ToList())
            {
                string why = time.GetElapsedTime(session.TouchedAt) >= logOff ? "idle" : people.Find(session.Name) is null ? "removed" : "";
                if (why.Length > 0)
                {
                    _sessions.Remove(key);
                    ended.Add((session, why));
                }
            }
        }

        ended.ForEach(e => note(e.Session.Name, e.Session.Screen, "signed-out", e.Why));
    }

    /// <inheritdoc />
    public void Dispose() => _hashing.Dispose();

    private Person? Recognise(Credentials shown, string? claimed)
    {
        if (shown.Badge is { } badge)
        {
            return badge.Trim().Length is > 0 and <= SecretMax ? people.ByBadge(badge.Trim()) : null;
        }

        Person? person = claimed is null ? null : people.Find(claimed);
        string pin = shown.Pin is { Length: <= SecretMax } given ? given : "";
        return (person?.Pin ?? Nobody).Matches(pin) && person?.Pin is not null ? person : null;
    }

    private SignInResult Refuse(string? claimed, string screen, string source)
    {
        bool locked = locks.Wrong(claimed, source);
        note(claimed ?? "unknown", screen, locked ? "locked-out" : "refused", "");
        return new SignInResult("", null, locked ? "locked-out" : "sign-in-refused");
    }

    private SignInResult Admit(Person person, string screen)
    {
        locks.Forget(person.Name);
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        lock (_turn)
        {
            if (_sessions.Count >= SessionsMax)
            {
                _sessions.Remove(_sessions.MinBy(s => s.Value.TouchedAt).Key);
            }

            _sessions[KeyOf(token)] = new Session(person.Name, screen) { TouchedAt = time.GetTimestamp() };
        }

        note(person.Name, screen, "signed-in", "");
        return new SignInResult(token, person, "");
    }

    // What is compared is a hash of what was sent, so the time of the comparison says nothing about a token.
    private static string KeyOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Session(string Name, string Screen)
    {
        public long TouchedAt { get; set; }
    }
}
