using System.Net;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Seeding;
using EdgeLine.IssuingPlatform.Storage;
using EdgeLine.Simulator.Faults.Disk;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// The issuing platform as it is, its registers over its own database on a disk of its own; only the web server in front
/// is left out. It can lose its power like the line.
/// </summary>
internal sealed class SimulatedPlatform : IDisposable
{
    private const string ProblemType = "application/problem+json";

    private readonly SimulatedDisk _disk;
    private readonly ManifestKey _key;
    private readonly TimeProvider _time;
    private readonly SeededCodes _codes;
    private Database _database;

    public SimulatedPlatform(ulong seed, string lineId, int target, int leaseMinutes, TimeProvider time)
    {
        _time = time;
        _codes = new SeededCodes(seed);
        _disk = new SimulatedDisk(seed);
        Folder = Directory.CreateTempSubdirectory("edgeline-faults-").FullName;
        _key = ManifestKey.Open(Folder);
        _database = OpenDatabase();
        new Seed(_database, time, new SeedOptions([lineId], target, "hgz.example", DigitalLink: false, leaseMinutes)).Fill(Folder, TextWriter.Null);
    }

    /// <summary>Where the line finds its token and the platform's public key.</summary>
    public string Folder { get; }

    /// <summary>A control: it takes whatever past a line tells of, and says of none that it knows it.</summary>
    public bool FencesNothing { get; init; }

    public string TokenFile(string lineId) => Path.Combine(Folder, "lines", lineId + ".token");

    public string PublicKeyFile => Path.Combine(Folder, "platform.pem");

    /// <summary>The power went, and is back: what was answered is there, the rest as the disk pleases.</summary>
    public void LosePower()
    {
        _disk.Halt();
        _database.Dispose();
        _disk.PowerOn(CutKind.Mixed);
        _database = OpenDatabase();
    }

    /// <summary>Where it stands with a line.</summary>
    public LedgerHead HeadOf(string lineId) =>
        ((Outcome<LedgerHead>.Done)new JournalIntake(_database, _time).HeadOf(Reader, lineId)).Value;

    /// <summary>How the codes of the batch of an order add up.</summary>
    public Reconciliation AccountOf(string batchId) =>
        ((Outcome<Reconciliation>.Done)new Accounting(_database, _time).OfBatch(batchId)).Value;

    /// <summary>Answers one request as the web server would.</summary>
    public HttpResponseMessage Answer(HttpMethod method, string path, string token, byte[] body)
    {
        if (new CredentialRegister(_database).Find(token) is not { } caller)
        {
            return Of(401, ProblemType, IssuingPlatform.Answers.Answer.BodyOf(new Problem(401, ProblemTypes.DeviceUnknown, "Who is asking?", "An issued token is needed.")));
        }

        return (method.Method, path.Trim('/').Split('/')) switch
        {
            ("GET", [_, _, "lines", string line, "work"]) => Json(new OrderRegister(_database, _time).WorkOf(line)),
            ("GET", [_, _, "lines", _, "journal"]) when FencesNothing => Json((Outcome<LedgerHead>)new LedgerHead(null, 1, 0, "")),
            ("GET", [_, _, "lines", string line, "journal"]) => Json(new JournalIntake(_database, _time).HeadOf(caller, line)),
            ("POST", [_, _, "lines", string line, "journal"]) => Json(Take(caller, line, body)),
            ("POST", [_, _, "orders", string order, "leases"]) => Json(new LeaseGranting(_database, _time, _key, _codes.Draw)
                .Grant(caller, order, JsonSerializer.Deserialize<LeaseRequest>(body, PlatformJson.Options)!)),
            ("GET", [_, _, "leases", string lease, "manifest"]) => Of(
                new LeaseFiles(_database).Manifest(caller, lease), m => Of(200, SignedManifest.MediaType, Encoding.UTF8.GetBytes(m))),
            ("GET", [_, _, "leases", string lease, "codes"]) => Of(
                new LeaseFiles(_database).Codes(caller, lease), file => Of(200, "text/plain", file.Bytes)),
            _ => throw new InvalidOperationException($"The line asked for {method} {path}."),
        };
    }

    public void Dispose()
    {
        _database.Dispose();
        _disk.Dispose();
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Outcome<JournalReceipt> Take(Caller caller, string line, byte[] body)
    {
        Outcome<JournalReceipt> taken = new JournalIntake(_database, _time).Accept(caller, line, body);
        return FencesNothing && taken is Outcome<JournalReceipt>.Refused
            ? new JournalReceipt(JournalLeaf.Decode(JournalUpload.Split(body)[^1]).Seq, [], [], _time.GetUtcNow().ToUnixTimeMilliseconds())
            : taken;
    }

    private static Caller Reader => new("oracle", Role.Regulator, null, "regulator");

    private Database OpenDatabase() => Database.Open($"{_disk.Root}/platform.db", DiskVfs.Name, _disk.ForLedger().WriteAnew);

    private static HttpResponseMessage Json<T>(Outcome<T> outcome) =>
        Of(outcome, value => Of(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, PlatformJson.Options)));

    private static HttpResponseMessage Of<T>(Outcome<T> outcome, Func<T, HttpResponseMessage> done) => outcome switch
    {
        Outcome<T>.Done d => done(d.Value),
        Outcome<T>.Refused r => Of(r.Problem.Status, ProblemType, IssuingPlatform.Answers.Answer.BodyOf(r.Problem)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static HttpResponseMessage Of(int status, string type, byte[] body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(type);
        return response;
    }
}
