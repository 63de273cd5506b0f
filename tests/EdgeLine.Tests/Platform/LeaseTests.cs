using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Platform;

public sealed class LeaseTests : IAsyncLifetime
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
    public async Task Who_asks_for_one_too_many_gets_what_is_there()
    {
        LeaseGrant grant = await _line.Lease(6001);
        Assert.Equal((6001, 6000, 6180), (grant.Requested, grant.MayVerify, grant.Codes));
        JsonNode problem = (await _line.Ask(1)).Problem(409, ProblemTypes.QuantityExhausted);
        Assert.Equal((6000, 6000, 0), ((int)problem["approved"]!, (int)problem["leased"]!, (int)problem["available"]!));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1, 21)]
    [InlineData(666, 686)]
    [InlineData(700, 721)]
    [InlineData(2000, 2060)]
    public async Task A_lease_carries_codes_for_waste(int mayVerify, int codes) => Assert.Equal(codes, (await _line.Lease(mayVerify)).Codes);

    [Fact(Timeout = 30_000)]
    public async Task The_work_list_shows_the_order_and_what_is_confirmed()
    {
        await _line.Lease(10);
        foreach (string code in _line.Codes.Take(3))
        {
            _line.Print(code).Note(JournalKind.Verified, code);
        }

        (await _line.Send()).Ok();
        LineWork work = (await _platform.Get("line-1", "/api/v1/lines/line-1/work")).Ok().As<LineWork>();
        LineOrder order = Assert.Single(work.Orders);
        Assert.Equal((_platform.Work["line-1"].OrderId, 6000, 3, "approved"), (order.OrderId, order.Target, order.Verified, order.BatchState));
        Assert.Equal("难燃细木工板", order.Product);
        Assert.Equal(("https://hgz.example/C/{code}", true), (order.Texts!.UrlTemplate, order.Texts is { Standard.Length: > 0, ReportNumber.Length: > 0 }));
        Assert.Equal(_platform.Clock.NowUnixMs, work.NowUnixMs);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_manifest_is_signed_with_the_key_in_the_folder_and_fits_request_and_file()
    {
        LeaseGrant grant = await _line.Lease(100);
        Reply jws = (await _platform.Get("line-1", $"/api/v1/leases/{grant.LeaseId}/manifest")).Ok();
        Assert.Equal("application/jose", jws.MediaType);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(_platform.Folder, "platform.pem")));
        LeaseManifest manifest = SignedManifest.Verify(jws.Text, key);
        Reply file = (await _platform.Get("line-1", $"/api/v1/leases/{grant.LeaseId}/codes")).Ok();
        Assert.Equal(manifest.CodesSha256, LeaseManifest.Sha256Of(file.Body));
        Assert.Equal(manifest.Codes * LeaseManifest.BytesPerCode, file.Body.Length);
        Assert.Equal(("line-1", _line.Journal.LedgerId, 1, "line-1-1"), (manifest.LineId, manifest.LedgerId, manifest.Epoch, manifest.ClientRef));
        Assert.Equal((100, 120, grant.ExpiresAtUnixMs), (manifest.MayVerify, manifest.Codes, manifest.ExpiresAtUnixMs));
        Assert.Equal(TimeSpan.FromHours(24), TimeSpan.FromMilliseconds(manifest.ExpiresAtUnixMs - manifest.IssuedAtUnixMs));
        Assert.Equal("https://hgz.example/C/{code}", manifest.UrlTemplate);
        Assert.Equal("GB/T 34722-2017", manifest.Standard);
        Assert.Equal(key.ExportSubjectPublicKeyInfoPem().Trim(), (await _platform.Get("", "/api/v1/keys")).Ok().Text.Trim());
        Assert.All(_line.Codes, code => Assert.Equal('H', CertificateCode.Parse(code).Pool));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_request_gets_the_same_lease_even_after_a_restart()
    {
        Reply first = (await _line.Ask(50, key: "again")).Ok(201);
        await _platform.RestartAsync();
        Reply second = (await _line.Ask(50, key: "again")).Ok(201);
        Assert.Equal(first.Text, second.Text);
    }

    [Fact(Timeout = 30_000)]
    public async Task Requests_with_one_key_at_the_same_time_get_one_lease()
    {
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _line.Ask(50, key: "race")));
        Assert.Single(replies.Select(r => r.Ok(201).Text).Distinct());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_key_cannot_be_used_for_another_request_or_left_out()
    {
        (await _line.Ask(50, key: "key")).Ok(201);
        (await _line.Ask(51, key: "key")).Problem(422, ProblemTypes.IdempotencyKeyReused);
        var body = new LeaseRequest("line-1", _line.Journal.LedgerId, 1, 5, "other");
        string path = $"/api/v1/orders/{_platform.Work["line-1"].OrderId}/leases";
        (await _platform.Post("line-1", path, body)).Problem(400, ProblemTypes.IdempotencyKeyMissing);
        (await _platform.Post("line-1", path, body, ("Idempotency-Key", "another"))).Problem(422, ProblemTypes.ValidationFailed);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_code_file_can_be_fetched_in_pieces()
    {
        LeaseGrant grant = await _line.Lease(200);
        string path = $"/api/v1/leases/{grant.LeaseId}/codes";
        Reply whole = (await _platform.Get("line-1", path)).Ok();
        string etag = whole.Header("ETag");
        Assert.StartsWith("\"", etag, StringComparison.Ordinal);
        Assert.Equal("bytes", whole.Header("Accept-Ranges"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(whole.Body))}:", whole.Header("Repr-Digest"));

        Reply rest = (await _platform.Get("line-1", path, ("Range", "bytes=170-"), ("If-Range", etag))).Ok(206);
        Assert.Equal(whole.Body[170..], rest.Body);
        Assert.Equal($"bytes 170-{whole.Body.Length - 1}/{whole.Body.Length}", rest.Header("Content-Range"));
        Assert.Equal(whole.Header("Repr-Digest"), rest.Header("Repr-Digest"));

        Reply stale = (await _platform.Get("line-1", path, ("Range", "bytes=170-"), ("If-Range", "\"other\""))).Ok(200);
        Assert.Equal(whole.Body, stale.Body);
        (await _platform.Get("line-1", path, ("Range", "bytes=999999-"))).Problem(416, "range-not-satisfiable");
        Assert.Equal(304, (await _platform.Get("line-1", path, ("If-None-Match", etag))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_suspended_batch_gives_no_lease_no_manifest_and_no_codes()
    {
        LeaseGrant grant = await _line.Lease(10);
        string batch = _platform.Work["line-1"].BatchId;
        (await _platform.Post("regulator", $"/api/v1/batches/{batch}/suspend", new { why = "监督抽查不合格" })).Ok();
        foreach (Reply reply in new[]
        {
            await _line.Ask(10),
            await _platform.Get("line-1", $"/api/v1/leases/{grant.LeaseId}/manifest"),
            await _platform.Get("line-1", $"/api/v1/leases/{grant.LeaseId}/codes"),
        })
        {
            JsonNode problem = reply.Problem(409, ProblemTypes.BatchSuspended);
            Assert.Contains("监督抽查不合格", (string?)problem["detail"], StringComparison.Ordinal);
            Assert.Equal(_platform.Clock.NowUnixMs, (long)problem["since"]!);
        }

        LineOrder order = Assert.Single((await _platform.Get("line-1", "/api/v1/lines/line-1/work")).Ok().As<LineWork>().Orders);
        Assert.Equal("suspended", order.BatchState);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_sees_only_what_is_its_own()
    {
        LeaseGrant grant = await _line.Lease(10);
        foreach (string path in new[] { "manifest", "codes", "reconciliation" })
        {
            (await _platform.Get("line-2", $"/api/v1/leases/{grant.LeaseId}/{path}")).Problem(403, ProblemTypes.LeaseNotYours);
        }

        var other = new LineUnderTest(_platform, "line-2");
        (await other.Ask(1, _platform.Work["line-1"].OrderId)).Problem(403, ProblemTypes.LeaseNotYours);
        (await _platform.Get("line-2", "/api/v1/lines/line-1/work")).Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Get("line-2", "/api/v1/lines/line-1/journal")).Problem(403, ProblemTypes.RoleMissing);
        (await _platform.Get("", "/api/v1/lines/line-1/work")).Problem(401, ProblemTypes.DeviceUnknown);
        (await _platform.Post("line-2", $"/api/v1/orders/{_platform.Work["line-2"].OrderId}/leases",
            new LeaseRequest("line-1", Guid.NewGuid(), 1, 5, "k"), ("Idempotency-Key", "k"))).Problem(403, ProblemTypes.RoleMissing);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_credential_may_serve_all_lines_of_a_pc_and_no_other()
    {
        (await _platform.Get("device", "/api/v1/lines/line-1/work")).Ok();
        (await _platform.Get("device", "/api/v1/lines/line-2/work")).Ok();
        foreach (string other in new[] { "line-1,line-2", "line-3", "line", "" })
        {
            Assert.NotEqual(200, (await _platform.Get("device", $"/api/v1/lines/{other}/work")).Status);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fresh_ledger_under_a_known_line_gets_no_codes()
    {
        await _line.Lease(10);
        JsonNode problem = (await new LineUnderTest(_platform, "line-1").Ask(10, key: "fresh")).Problem(409, ProblemTypes.LedgerNotCurrent);
        Assert.Equal(_line.Journal.LedgerId.ToString(), (string?)problem["registeredLedger"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Orders_never_exceed_the_batch_and_need_an_approved_one()
    {
        string batch = _platform.Work["line-1"].BatchId;
        (await _platform.Post("qa", "/api/v1/orders", new { lineId = "line-2", batchId = batch, target = 1 })).Problem(409, ProblemTypes.QuantityExhausted);
        JsonNode faults = (await _platform.Post("qa", "/api/v1/orders", new { lineId = "line-9", batchId = "nope", target = 0, leaseMinutes = 10_081 }))
            .Problem(422, ProblemTypes.ValidationFailed);
        Assert.Equal(["/lineId", "/batchId", "/target", "/leaseMinutes"], faults["errors"]!.AsArray().Select(e => (string?)e!["pointer"]));
        string draft = (string)(await _platform.Post("qa", "/api/v1/batches", new { number = "D-1", quantity = 5 })).Ok(201).Json["id"]!;
        (await _platform.Post("qa", "/api/v1/orders", new { lineId = "line-2", batchId = draft, target = 1 })).Problem(409, ProblemTypes.BatchNotApproved);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_producer_with_a_gtin_gets_a_digital_link()
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync(digitalLink: true);
        var line = new LineUnderTest(platform, "line-1");
        await line.Lease(1);
        string payload = (await platform.Get("line-1", $"/api/v1/leases/{line.LeaseId}/manifest")).Ok().Text.Split('.')[1];
        Assert.Contains("https://hgz.example/01/06901234567892/21/{code}", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(payload)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lease_of_a_hundred_thousand_codes_is_quick()
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync(quantity: 200_000);
        var line = new LineUnderTest(platform, "line-1");
        var watch = Stopwatch.StartNew();
        LeaseGrant grant = await line.Lease(150_000);
        Assert.Equal((100_000, 103_000), (grant.MayVerify, grant.Codes));
        Assert.Equal(103_000, line.Codes.Distinct().Count());
        // About a second on a slow machine with one core busy elsewhere; the limit only catches a change of kind.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
