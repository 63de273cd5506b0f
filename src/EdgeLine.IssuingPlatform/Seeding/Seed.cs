using System.Globalization;
using System.Text.Json;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Seeding;

/// <summary>
/// Fills a data folder with lines, people and approved batches. Every step goes through the same rules as over the
/// network: four people take part, and the batch is approved because the report lets it pass.
/// </summary>
internal sealed class Seed(Database database, TimeProvider time, SeedOptions options)
{
    private const int MaxLines = 64;

    private static readonly JsonSerializerOptions ForPeople = new(PlatformJson.Options) { WriteIndented = true };

    private const string Device = "device";

    private static readonly string[] PeopleNames = [Device, "qa", "approver", "lab", "regulator"];

    private readonly Dictionary<string, string> _tokens = [];

    /// <summary>Makes the data and prints where the tokens are.</summary>
    /// <exception cref="OptionRefusedException">An option is wrong, or a line is there already.</exception>
    public static int Run(string folder, SeedOptions options, TimeProvider time, TextWriter output)
    {
        Check(options);
        (Database database, ManifestKey key) = PlatformHost.OpenFolder(folder);
        using (database)
        using (key)
        {
            new Seed(database, time, options).Fill(folder, output);
        }

        return 0;
    }

    private static void Check(SeedOptions options)
    {
        if (options.Lines.Count is 0 or > MaxLines || options.Lines.Any(l => l.Length is 0 or > 40 || !l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            throw new OptionRefusedException($"--line: 1 to {MaxLines} names of 1 to 40 letters, digits, '-' and '_'.");
        }

        if (options.Lines.FirstOrDefault(PeopleNames.Contains) is { } taken)
        {
            throw new OptionRefusedException($"--line {taken}: that is the name of another credential.");
        }

        if (options.Quantity is < 1 or > 10_000_000)
        {
            throw new OptionRefusedException("--quantity: 1 to 10000000.");
        }

        if (options.LeaseMinutes is < 1 or > OrderRegister.MaxLeaseMinutes)
        {
            throw new OptionRefusedException($"--lease-minutes: 1 to {OrderRegister.MaxLeaseMinutes}.");
        }

        if (!Uri.TryCreate($"https://{options.Host}/", UriKind.Absolute, out Uri? uri) || uri.Authority != options.Host || options.Host.Length > 60)
        {
            throw new OptionRefusedException($"--host {options.Host}: a host name in small letters, at most 60 characters, without https:// and without a path, is needed.");
        }
    }

    /// <summary>Makes the data; tokens go into files of the folder.</summary>
    /// <exception cref="OptionRefusedException">A line is there already.</exception>
    public void Fill(string folder, TextWriter output)
    {
        // One step after the other, each in its own transaction; a folder that was seeded half is thrown away and seeded again.
        People people = Register();
        var report = new List<object>();
        for (int i = 0; i < options.Lines.Count; i++)
        {
            string line = options.Lines[i];
            Order order = Prepare(line, DemoGoods.For(i, Today()), people);
            string tokenFile = Path.Combine(folder, "lines", line + ".token");
            Directory.CreateDirectory(Path.GetDirectoryName(tokenFile)!);
            SecretFile.Write(tokenFile, _tokens[line] + "\n");
            report.Add(new { line, token = _tokens[line], tokenFile, order.OrderId, order.BatchId, order.Target });
            output.WriteLine($"{line}: order {order.OrderId}, {order.Target} of batch {order.BatchId}, token in {tokenFile}");
        }

        SecretFile.Write(Path.Combine(folder, Device + ".token"), _tokens[Device] + "\n");
        SecretFile.Write(Path.Combine(folder, "qa.token"), _tokens["qa"] + "\n");
        string file = Path.Combine(folder, "tokens.json");
        SecretFile.Write(file, JsonSerializer.Serialize(
            new { people = _tokens.Where(t => !options.Lines.Contains(t.Key)).ToDictionary(), lines = report },
            ForPeople) + "\n");
        output.WriteLine($"Tokens of all people and lines: {file}");
        output.WriteLine($"Public key for the lines: {Path.Combine(folder, "platform.pem")}");
    }

    private People Register() => Done(database.Write<People>(session =>
    {
        session.Execute("UPDATE setting SET value = $1 WHERE name = 'host'", options.Host);
        foreach (string line in options.Lines)
        {
            if (session.Execute("INSERT INTO line(id) VALUES ($1) ON CONFLICT DO NOTHING", line) == 0)
            {
                return Problem.Conflict("seeded", "Seeded already", $"{line} is there already; seed an empty folder.");
            }

            _tokens[line] = CredentialRegister.Issue(session, new Caller(line, Role.Device, line, "line"));
        }

        // One PC often has several lines: one credential for all of them.
        _tokens[Device] = CredentialRegister.Issue(session, new Caller(Device, Role.Device, string.Join(',', options.Lines), "line"));
        return new People(
            Person(session, new Caller("刘敏", Role.Qa, null, "producer")),
            // The second qualified person may submit as well, so that four eyes are a rule and not an accident of roles.
            Person(session, new Caller("陈立", Role.Qa | Role.Approver, null, "producer")),
            Person(session, new Caller("王检", Role.Lab, null, DemoGoods.Laboratory)),
            Person(session, new Caller("周督", Role.Regulator, null, "regulator")));
    }));

    private Caller Person(Session session, Caller person)
    {
        string role = person.Is(Role.Approver) ? "approver" : person.Roles.ToString().ToLowerInvariant();
        _tokens[role] = CredentialRegister.Issue(session, person);
        return person;
    }

    private Order Prepare(string line, DemoProduct product, People people)
    {
        var batches = new BatchRegister(database, time);
        var reports = new ReportRegister(database, time);
        long quantity = Math.Max(product.Batch.Quantity!.Value, options.Quantity ?? 0);
        Batch batch = Done(batches.Create(people.Qa, product.Batch with
        {
            Quantity = quantity,
            Gtin = options.DigitalLink ? product.Batch.Gtin : null,
        }));
        string calibrated = Today().AddDays(200).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Report report = Done(reports.Create(people.Qa, new ReportContent
        {
            Number = product.ReportNumber,
            Laboratory = product.Laboratory,
            BatchId = batch.Id,
            Standard = product.Batch.Standard,
            Date = Today().AddDays(-3),
            Items = product.Items,
            Instruments = [.. product.Instruments.Select(i => i.Replace("{to}", calibrated, StringComparison.Ordinal))],
            FileSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(product.ReportNumber))),
        }));
        Done(reports.Attest(people.Lab, report.Id, Report.Qualified));
        Done(batches.Submit(people.Qa, batch.Id, report.Id));
        Done(batches.Approve(people.Approver, batch.Id));
        return Done(new OrderRegister(database, time).Create(
            people.Qa, new OrderRequest(line, batch.Id, options.Quantity ?? quantity, options.LeaseMinutes)));
    }

    private static T Done<T>(Outcome<T> outcome) => outcome switch
    {
        Outcome<T>.Done done => done.Value,
        Outcome<T>.Refused refused => throw new OptionRefusedException(refused.Problem.Detail),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // The day in China, where these certificates are issued.
    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    private sealed record People(Caller Qa, Caller Approver, Caller Lab, Caller Regulator);
}
