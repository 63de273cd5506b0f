using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.People;

/// <summary>
/// <c>people.json</c>: who may sign in. Written by <c>edgeline people</c>, read by the service; holds hashes only.
/// Badges share one salt, so that a badge is found with one hash however many people there are.
/// </summary>
/// <param name="BadgeSalt">Salt of all badges.</param>
/// <param name="People">Everybody, in the order in which they were added.</param>
public sealed record PeopleFile(byte[] BadgeSalt, IReadOnlyList<Person> People)
{
    /// <summary>Most people of a site.</summary>
    public const int PeopleMax = 500;

    private const int BytesMax = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A file with nobody in it: there is no default person.</summary>
    public static PeopleFile New() => new(RandomNumberGenerator.GetBytes(SecretHash.SaltBytes), []);

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is not a sound people file; the message says why and holds no hash.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PeopleFile Read(string path)
    {
        byte[] bytes = BoundedFile.Read(path, BytesMax);
        if (bytes.Length > BytesMax)
        {
            throw new FormatException("larger than 1 MiB");
        }

        Written? written;
        try
        {
            written = JsonSerializer.Deserialize<Written>(bytes, Json);
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON of a people file at line {e.LineNumber + 1}", e);
        }

        if (written is not { SchemaVersion: 1, BadgeSalt: not null, People: not null })
        {
            throw new FormatException("no people file of schemaVersion 1");
        }

        Span<byte> salt = stackalloc byte[64];
        if (!Convert.TryFromBase64String(written.BadgeSalt, salt, out int saltBytes) || saltBytes != SecretHash.SaltBytes)
        {
            throw new FormatException("badgeSalt is no salt");
        }

        if (written.People.Count > PeopleMax)
        {
            throw new FormatException($"more than {PeopleMax} people");
        }

        Person[] people = [.. written.People.Select(Sound)];
        return people.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new FormatException($"{twice.Key} is there twice")
            : new PeopleFile(salt[..saltBytes].ToArray(), people);
    }

    /// <summary>Writes the file, whole or not at all; readable by the owner only.</summary>
    public void Write(string path)
    {
        var written = new Written(
            1,
            Convert.ToBase64String(BadgeSalt),
            [.. People.Select(p => new WrittenPerson(p.Name, p.Shown, Person.Words(p.Roles), p.Pin?.ToString(), p.Badge?.ToString()))]);
        string fresh = path + ".new";
        File.Delete(fresh);
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        using (var file = new FileStream(fresh, how))
        {
            JsonSerializer.Serialize(file, written, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private static Person Sound(WrittenPerson one, int at)
    {
        string who = $"person {at + 1}";
        if (one?.Name is null || !Person.IsName(one.Name))
        {
            throw new FormatException($"{who} has no usable name");
        }

        Roles roles = Person.ParseRoles(one.Roles ?? []);
        SecretHash? pin = one.Pin is null ? null : SecretHash.Parse(one.Pin) ?? throw new FormatException($"the PIN of {one.Name} is no hash");
        SecretHash? badge = one.Badge is null ? null : SecretHash.Parse(one.Badge) ?? throw new FormatException($"the badge of {one.Name} is no hash");
        return roles == Roles.None ? throw new FormatException($"{one.Name} has no known role")
            : pin is null && badge is null ? throw new FormatException($"{one.Name} has neither PIN nor badge")
            : string.IsNullOrWhiteSpace(one.Shown) || one.Shown.Length > Person.NameMax ? throw new FormatException($"{one.Name} has no name to show")
            : new Person(one.Name, one.Shown, roles, pin, badge);
    }

    private sealed record Written(int SchemaVersion, string? BadgeSalt, IReadOnlyList<WrittenPerson>? People);

    private sealed record WrittenPerson(string? Name, string? Shown, IReadOnlyList<string>? Roles, string? Pin, string? Badge);
}
