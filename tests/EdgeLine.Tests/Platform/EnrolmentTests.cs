using System.Text;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Tests.Platform;

/// <summary>The platform's half of the way back: a code for a line, a new epoch, and the old ledger refused by name.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    private PlatformUnderTest _platform = null!;
    private LineUnderTest _line = null!;

    public async Task InitializeAsync()
    {
        _platform = await PlatformUnderTest.StartAsync();
        _line = new LineUnderTest(_platform, "line-1");
    }

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task An_enrolment_closes_the_old_ledger_and_puts_in_doubt_what_it_may_have_printed()
    {
        await RunALittleAsync();
        Guid ledger = Guid.NewGuid();
        EnrolmentAnswer answer = (await Redeem(await CodeAsync(), ledger)).Ok().As<EnrolmentAnswer>();
        Assert.Equal((ledger, 2), (answer.LedgerId, answer.Epoch));
        Assert.Equal((_line.Journal.LedgerId, 1, _line.Journal.Seq), (answer.Closed!.LedgerId, answer.Closed.Epoch, answer.Closed.AcceptedThrough));
        Assert.Equal(new Reconciliation(30, 0, 0, 28, 1, 1, 0, 0, 0, 0, 0, 6000), await _line.Account());

        OpenCodes open = (await _platform.Get("line-1", "/api/v1/lines/line-1/open-codes")).Ok().As<OpenCodes>();
        Assert.Equal((ledger, 2), (open.LedgerId!.Value, open.Epoch));
        OldLease lease = Assert.Single(open.Leases);
        Assert.Equal("43" + new string('2', 28), lease.States);
        Assert.Equal(_line.Codes, lease.Codes.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(_platform.Work["line-1"].OrderId, open.Order!.OrderId);
        Assert.Equal(5999, open.Order.Left);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_still_comes_from_the_old_ledger_is_refused_by_name_and_kept_as_evidence()
    {
        await RunALittleAsync();
        string leaseOfOld = _line.LeaseId;
        (await _line.Ask(5, key: "before")).Ok(201);
        Guid ledger = Guid.NewGuid();
        (await Redeem(await CodeAsync(), ledger)).Ok();

        // The old PC, or a copy of it, goes on as if nothing had happened.
        _line.Print(_line.Codes[5]).Note(JournalKind.Verified, _line.Codes[5]);
        JsonNode problem = (await _line.Send()).Problem(409, ProblemTypes.LedgerNotCurrent);
        Assert.Equal(ledger.ToString(), (string)problem["registeredLedger"]!);
        Assert.Equal(2, (int)problem["registeredEpoch"]!);
        (await _line.Send()).Problem(409, ProblemTypes.LedgerNotCurrent);
        (await _line.Ask(5)).Problem(409, ProblemTypes.LedgerNotCurrent);
        // Not even the stored answer to a request from before, and no file of a lease of its own.
        (await _line.Ask(5, key: "before")).Problem(409, ProblemTypes.LedgerNotCurrent);
        (await _platform.Get("line-1", $"/api/v1/leases/{leaseOfOld}/manifest")).Problem(409, ProblemTypes.LedgerNotCurrent);
        (await _platform.Get("line-1", $"/api/v1/leases/{leaseOfOld}/codes")).Problem(409, ProblemTypes.LedgerNotCurrent);

        // Applied to nothing, and there for people.
        Assert.Equal(CodeState.InDoubt, StateOf(_line.Codes[5]));
        JsonArray ledgers = (await _platform.Get("qa", "/api/v1/lines/line-1/ledgers")).Ok().Json.AsArray();
        Assert.Equal((1, false, 2), ((int)ledgers[0]!["epoch"]!, (bool)ledgers[0]!["current"]!, (int)ledgers[0]!["setAside"]!));
        Assert.Equal(_line.Codes[5], (string)Assert.Single(ledgers[0]!["verifiedSetAside"]!.AsArray())!);
        Assert.Equal((2, true), ((int)ledgers[1]!["epoch"]!, (bool)ledgers[1]!["current"]!));

        // The new ledger speaks, and a code of the old lease that its scanner reads becomes active.
        var fresh = new JournalOfLine("line-1", () => _platform.Clock.NowUnixMs) { LedgerId = ledger, Epoch = 2 };
        fresh.Add(JournalKind.LedgerOpened, reason: "enrolled");
        fresh.Add(JournalKind.Leased, lease: leaseOfOld, count: 30, reason: "enrolled");
        fresh.Add(JournalKind.Enrolled, _line.Codes[5], leaseOfOld, reason: "in-doubt");
        fresh.Add(JournalKind.Verified, _line.Codes[5], leaseOfOld, reason: "rework");
        Assert.Empty((await _platform.Upload("line-1", "line-1", fresh.Leaves)).Ok().As<JournalReceipt>().Refused);
        Assert.Equal(CodeState.Active, StateOf(_line.Codes[5]));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_code_works_once_for_one_line_and_for_a_time_and_asking_again_is_safe()
    {
        string code = await CodeAsync();
        Guid ledger = Guid.NewGuid();
        (await Redeem(code, ledger, line: "line-2")).Problem(409, ProblemTypes.EnrolmentOfOtherLine);
        (await Redeem("ENR-0000-0000-0000-0000", ledger)).Problem(404, ProblemTypes.EnrolmentUnknown);
        Reply first = (await Redeem(code, ledger)).Ok();
        Assert.Equal(EnrolmentCode.Seal(EnrolmentCode.SealKeyOf(code), first.Body), first.Header(EnrolmentCode.SealHeader));
        _platform.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, (await Redeem(code, ledger)).Ok().As<EnrolmentAnswer>().Epoch);
        (await Redeem(code, Guid.NewGuid())).Problem(409, ProblemTypes.EnrolmentUsed);

        string late = await CodeAsync(minutes: 10);
        _platform.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Redeem(late, Guid.NewGuid())).Problem(410, ProblemTypes.EnrolmentExpired);
        Assert.Equal(ledger, (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>().LedgerId);
        // The next one is later than both what the platform and what the PC had.
        Assert.Equal(8, (await Redeem(await CodeAsync(), Guid.NewGuid(), epochSeen: 7)).Ok().As<EnrolmentAnswer>().Epoch);
        (await Redeem(code, ledger)).Problem(409, ProblemTypes.EnrolmentUsed);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_people_of_the_producer_give_out_codes_and_say_why()
    {
        (await _platform.Post("line-1", "/api/v1/lines/line-1/enrolments", new { why = "x" })).Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Post("lab", "/api/v1/lines/line-1/enrolments", new { why = "x" })).Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Post("qa", "/api/v1/lines/line-1/enrolments", new { why = " " })).Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Post("qa", "/api/v1/lines/line-1/enrolments", new { why = "x", minutes = 1441 })).Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Post("qa", "/api/v1/lines/line-9/enrolments", new { why = "x" })).Problem(404, ProblemTypes.NotFound);
        (await _platform.Get("line-2", "/api/v1/lines/line-1/open-codes")).Problem(403, ProblemTypes.RoleMissing);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_new_PC_gets_a_token_and_the_old_one_has_the_line_no_longer()
    {
        await RunALittleAsync();
        Guid ledger = Guid.NewGuid();
        string code = await CodeAsync();
        string lost = (await Redeem(code, ledger, who: "nobody")).Ok().As<EnrolmentAnswer>().Token!;
        // The answer got lost: the same again, with another token, and the first one is nobody's.
        string token = (await Redeem(code, ledger, who: "nobody")).Ok().As<EnrolmentAnswer>().Token!;
        _platform.Know("lost", lost);
        _platform.Know("spare", token);
        (await _platform.Get("lost", "/api/v1/lines/line-1/work")).Problem(401, ProblemTypes.DeviceUnknown);
        (await _platform.Get("spare", "/api/v1/lines/line-1/work")).Ok();
        foreach (string old in (string[])["line-1", "device"])
        {
            (await _platform.Get(old, "/api/v1/lines/line-1/work")).Problem(409, ProblemTypes.LedgerNotCurrent);
            (await _platform.Upload(old, "line-1", _line.Journal.Leaves)).Problem(409, ProblemTypes.LedgerNotCurrent);
        }

        // Its other line the old PC keeps, and the spare one gets it with a code of its own.
        (await _platform.Get("device", "/api/v1/lines/line-2/work")).Ok();
        Assert.Null((await Redeem(await CodeAsync("line-2"), Guid.NewGuid(), line: "line-2", who: "spare")).Ok().As<EnrolmentAnswer>().Token);
        (await _platform.Get("spare", "/api/v1/lines/line-2/work")).Ok();
        (await _platform.Get("spare", "/api/v1/lines/line-1/work")).Ok();
        (await _platform.Get("device", "/api/v1/lines/line-2/work")).Problem(409, ProblemTypes.LedgerNotCurrent);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fork_unlocks_with_an_enrolment_and_both_pasts_are_kept()
    {
        await RunALittleAsync();
        var twin = new JournalOfLine("line-1", () => _platform.Clock.NowUnixMs) { LedgerId = _line.Journal.LedgerId };
        twin.Add(JournalKind.LedgerOpened);
        twin.Add(JournalKind.Restarted);
        (await _platform.Upload("line-1", "line-1", twin.Leaves)).Problem(409, ProblemTypes.JournalFork);
        (await _line.Ask(1)).Problem(409, ProblemTypes.JournalFork);
        JsonArray ledgers = (await _platform.Get("qa", "/api/v1/lines/line-1/ledgers")).Ok().Json.AsArray();
        Assert.Equal(1, (int)ledgers[0]!["setAside"]!);

        Guid ledger = Guid.NewGuid();
        (await Redeem(await CodeAsync(), ledger)).Ok();
        (await _platform.Post("line-1", $"/api/v1/orders/{_platform.Work["line-1"].OrderId}/leases",
            new LeaseRequest("line-1", ledger, 2, 5, "new"), ("Idempotency-Key", "new"))).Ok(201);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_platform_that_lost_a_lease_takes_it_back_from_the_line_by_its_own_signature()
    {
        (await _line.Send()).Ok();
        string backup = Backup();
        await _line.Lease(10);
        string manifest = (await _platform.Get("line-1", $"/api/v1/leases/{_line.LeaseId}/manifest")).Ok().Text;
        string file = string.Concat(_line.Codes.Select(c => c + "\n"));
        _line.Journal.Add(JournalKind.Leased, lease: _line.LeaseId, count: _line.Codes.Count);
        _line.Print(_line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]);
        await SetBackAsync(backup);

        JsonNode problem = (await _line.Send()).Problem(409, ProblemTypes.LeaseUnknown);
        Assert.Equal(_line.LeaseId, (string)problem["leaseId"]!);
        string address = $"/api/v1/leases/{_line.LeaseId}";
        (await _platform.Put("line-1", address, new LostLease(manifest, file.Replace(_line.Codes[3], _line.Codes[4], StringComparison.Ordinal))))
            .Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Put("line-1", address, new LostLease(Tampered(manifest), file))).Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Put("line-2", address, new LostLease(manifest, file))).Problem(403, ProblemTypes.LeaseNotYours);
        (await _platform.Put("line-1", address, new LostLease(manifest, file))).Ok();
        (await _platform.Put("line-1", address, new LostLease(manifest, file))).Ok();
        Assert.Empty((await _line.Send()).Ok().As<JournalReceipt>().Refused);
        Assert.Equal(1, (await _line.Account()).Active);
    }

    [Fact(Timeout = 30_000)]
    public async Task Entries_of_a_lease_that_nobody_can_bring_are_stored_and_refused()
    {
        _line.Journal.Add(JournalKind.Leased, lease: "lease-of-nobody", count: 10);
        (await _line.Send()).Problem(409, ProblemTypes.LeaseUnknown);
        Reply reply = await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal?givenUp=lease-of-nobody",
            PlatformUnderTest.Bytes(JournalUpload.Join(_line.Journal.Leaves), JournalUpload.MediaType));
        Assert.Equal("code-not-in-lease", Assert.Single(reply.Ok().As<JournalReceipt>().Refused).Type);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_platform_that_lost_an_enrolment_takes_it_back_and_never_an_older_one()
    {
        await RunALittleAsync();
        string backup = Backup();
        Guid second = Guid.NewGuid();
        string receipt = (await Redeem(await CodeAsync(), second)).Ok().As<EnrolmentAnswer>().Receipt;
        Guid third = Guid.NewGuid();
        string newest = (await Redeem(await CodeAsync(), third)).Ok().As<EnrolmentAnswer>().Receipt;
        await SetBackAsync(backup);
        Assert.Equal(_line.Journal.LedgerId, (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>().LedgerId);

        (await Show("line-2", newest)).Problem(422, ProblemTypes.ValidationFailed);
        (await Show("line-1", Tampered(newest))).Problem(422, ProblemTypes.ValidationFailed);
        Assert.Equal(new LedgerHead(third, 3, 0, ""), (await Show("line-1", newest)).Ok().As<LedgerHead>());
        Assert.Equal(28, (await _line.Account()).InDoubt);
        // A PC that was replaced in between has a receipt too.
        (await Show("line-1", receipt)).Problem(409, ProblemTypes.LedgerNotCurrent);

        // What the lost journal had decided comes again with the codes that came over.
        var fresh = new JournalOfLine("line-1", () => _platform.Clock.NowUnixMs) { LedgerId = third, Epoch = 3 };
        fresh.Add(JournalKind.LedgerOpened, reason: "enrolled");
        fresh.Add(JournalKind.Leased, lease: _line.LeaseId, count: 30, reason: "enrolled");
        fresh.Add(JournalKind.Enrolled, _line.Codes[7], _line.LeaseId, reason: "verified");
        fresh.Add(JournalKind.Enrolled, _line.Codes[8], _line.LeaseId, reason: "void");
        fresh.Add(JournalKind.Enrolled, _line.Codes[0], _line.LeaseId, reason: "verified");
        Assert.Empty((await _platform.Upload("line-1", "line-1", fresh.Leaves)).Ok().As<JournalReceipt>().Refused);
        Assert.Equal(CodeState.Active, StateOf(_line.Codes[7]));
        Assert.Equal(2, (await _line.Account()).Active);
        Assert.Equal(1, (await _line.Account()).Void);
    }

    [Fact]
    public void A_database_of_version_1_gets_the_tables_of_today()
    {
        string file = Path.Combine(Path.GetTempPath(), $"edgeline-v1-{Guid.NewGuid():N}.db");
        using (var old = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            old.Open();
            using Stream schema = typeof(Database).Assembly.GetManifestResourceStream("Schema.sql")!;
            using SqliteCommand command = old.CreateCommand();
            command.CommandText = new StreamReader(schema).ReadToEnd() + "INSERT INTO line(id) VALUES ('line-1'); PRAGMA user_version = 1;";
            command.ExecuteNonQuery();
        }

        for (int start = 0; start < 2; start++)
        {
            using Database database = Database.Open(file);
            Assert.Equal((1, 0), database.Read(s => (s.Number("SELECT count(*) FROM line"), s.Number("SELECT count(*) FROM enrolment"))));
        }

        File.Delete(file);
    }

    // One good label, one rejected, one on its way, one that is in doubt already.
    private async Task RunALittleAsync()
    {
        await _line.Lease(10);
        List<string> c = _line.Codes;
        _line.Note(JournalKind.Leased, "").Print(c[0]).Print(c[1]).Print(c[2]).Print(c[3]);
        _line.Note(JournalKind.Verified, c[0]).Note(JournalKind.Rejected, c[1], "no-read").Note(JournalKind.InDoubt, c[2]);
        (await _line.Send()).Ok();
    }

    private async Task<string> CodeAsync(string line = "line-1", int? minutes = null) =>
        (string)(await _platform.Post("qa", $"/api/v1/lines/{line}/enrolments", new { why = "disk dead", minutes })).Ok().Json["code"]!;

    private Task<Reply> Redeem(string code, Guid ledger, string line = "line-1", string who = "line-1", int epochSeen = 0) =>
        _platform.Post(who, "/api/v1/enrolments", new EnrolmentRequest(EnrolmentCode.ClaimOf(code), line, ledger, epochSeen));

    private Task<Reply> Show(string line, string receipt) => _platform.Send(
        line, HttpMethod.Put, $"/api/v1/lines/{line}/ledger", PlatformUnderTest.Bytes(Encoding.ASCII.GetBytes(receipt), SignedManifest.MediaType));

    private CodeState StateOf(string code) => (CodeState)_platform.Database.Read(s => s.Number("SELECT state FROM code WHERE value = $1", code));

    private string Backup()
    {
        string copy = Directory.CreateTempSubdirectory("edgeline-platform-backup-").FullName;
        _platform.Database.Read(s =>
        {
            s.ExecuteOnce($"VACUUM INTO '{Path.Combine(copy, "platform.db")}'");
            return 0;
        });
        return copy;
    }

    private async Task SetBackAsync(string backup)
    {
        await _platform.StopAsync();
        foreach (string file in Directory.GetFiles(_platform.Folder, "platform.db*"))
        {
            File.Delete(file);
        }

        File.Copy(Path.Combine(backup, "platform.db"), Path.Combine(_platform.Folder, "platform.db"));
        Directory.Delete(backup, recursive: true);
        await _platform.StartAgainAsync();
    }

    private static string Tampered(string jws)
    {
        int dot = jws.IndexOf('.', StringComparison.Ordinal) + 12;
        return jws[..dot] + (jws[dot] == 'A' ? 'B' : 'A') + jws[(dot + 1)..];
    }
}
