using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Platform;

public sealed class HostileInputTests : IAsyncLifetime
{
    private PlatformUnderTest _platform = null!;

    public async Task InitializeAsync() => _platform = await PlatformUnderTest.StartAsync();

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Theory(Timeout = 30_000)]
    [InlineData("{", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("\"text\"", "")]
    [InlineData("", "")]
    [InlineData("{\"number\":\"A\",\"surprise\":1}", "/surprise")]
    [InlineData("{\"number\":\"A\",\"number\":\"B\"}", null)]
    [InlineData("{\"number\":\"A\",\"quantity\":\"many\"}", "/quantity")]
    [InlineData("{\"number\":\"A\",\"quantity\":1e99}", "/quantity")]
    [InlineData("{\"number\":\"A\",\"quantity\":-1}", "/quantity")]
    [InlineData("{\"number\":\"A\",\"productionDate\":\"31.12.2026\"}", "/productionDate")]
    [InlineData("{\"number\":\"A\\u0000B\"}", "/number")]
    [InlineData("{\"number\":\"A\\ud800\"}", null)]
    [InlineData("{\"number\":\"A\",\"producer\":{\"producer\":{}}}", "/producer/producer")]
    [InlineData("{\"number\":\"A\",\"category\":\"weapons\"}", "/category")]
    [InlineData("{\"number\":\"A\",\"gtin\":\"06901234567893\"}", "/gtin")]
    public async Task A_malformed_body_is_a_validation_problem_that_points_at_the_place(string body, string? place)
    {
        JsonNode problem = (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", Json(body))).Problem(422, ProblemTypes.ValidationFailed);
        JsonNode error = problem["errors"]![0]!;
        Assert.DoesNotContain("EdgeLine.", (string?)error["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("System.", (string?)error["detail"], StringComparison.Ordinal);
        if (place is not null)
        {
            Assert.Equal(place, (string?)error["pointer"]);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Deep_long_and_non_utf8_bodies_are_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"producer\":", 500)) + "1" + new string('}', 500);
        (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", Json(deep))).Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", PlatformUnderTest.Bytes([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "application/json")))
            .Problem(422, ProblemTypes.ValidationFailed);
        JsonNode tooLarge = (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", Json(new string(' ', 65 * 1024)))).Problem(413, "payload-too-large");
        Assert.Equal(64 * 1024, (int)tooLarge["limit"]!);
        // The same without a length in front, as chunks.
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(new string(' ', 65 * 1024)));
        using var chunked = new StreamContent(stream);
        chunked.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        chunked.Headers.ContentLength = null;
        (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", chunked, ("Transfer-Encoding", "chunked"))).Problem(413, "payload-too-large");
        (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", Json("{\"number\":\"" + new string('A', 201) + "\"}")))
            .Problem(422, ProblemTypes.ValidationFailed);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wrong_media_type_is_told_the_right_one()
    {
        JsonNode problem = (await _platform.Send("qa", HttpMethod.Post, "/api/v1/batches", PlatformUnderTest.Bytes("number=1"u8.ToArray(), "application/x-www-form-urlencoded")))
            .Problem(415, "media-type");
        Assert.Equal("application/json", (string?)problem["expected"]);
        (await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal", Json("{}"))).Problem(415, "media-type");
        (await _platform.Post("approver", "/api/v1/batches/x/suspend")).Problem(415, "media-type");
    }

    [Theory(Timeout = 30_000)]
    [InlineData("qa", "/api/v1/batches/nope")]
    [InlineData("qa", "/api/v1/batches/nope/reconciliation")]
    [InlineData("qa", "/api/v1/inspection-reports/nope")]
    [InlineData("qa", "/api/v1/inspection-reports/nope/versions")]
    [InlineData("line-1", "/api/v1/leases/nope/manifest")]
    [InlineData("line-1", "/api/v1/leases/nope/codes")]
    [InlineData("line-1", "/api/v1/leases/nope/reconciliation")]
    [InlineData("qa", "/api/v1/lines/nope/journal")]
    [InlineData("qa", "/api/v1/lines/nope/work")]
    [InlineData("qa", "/api/v1/lines/nope/nothing")]
    [InlineData("", "/nothing")]
    [InlineData("", "/api/v1")]
    [InlineData("qa", "/api/v1/batches/%01%3Cscript%3E'%22")]
    [InlineData("qa", "/api/v1/batches/' OR 1=1 --")]
    public async Task An_unknown_address_is_not_found(string who, string path) =>
        (await _platform.Get(who, path)).Problem(404, ProblemTypes.NotFound);

    [Fact(Timeout = 30_000)]
    public async Task A_wrong_method_and_a_wrong_token_are_problems()
    {
        (await _platform.Send("qa", HttpMethod.Delete, "/api/v1/batches", null)).Problem(405, "method-not-allowed");
        foreach (string header in new[] { "Bearer", "Bearer ", "Bearer x", "Basic cWE6cWE=", "Bearer " + new string('x', 5000), "edl_x" })
        {
            (await _platform.Get("", "/api/v1/batches", ("Authorization", header))).Problem(401, ProblemTypes.DeviceUnknown);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Every_api_address_is_closed_to_strangers_but_the_public_key()
    {
        foreach ((string method, string path) in new[]
        {
            ("POST", "/api/v1/inspection-reports"), ("GET", "/api/v1/inspection-reports/x"), ("GET", "/api/v1/inspection-reports/x/versions"),
            ("PUT", "/api/v1/inspection-reports/x"), ("POST", "/api/v1/inspection-reports/x/corrections"), ("POST", "/api/v1/inspection-reports/x/attest"),
            ("POST", "/api/v1/inspection-reports/x/revoke"), ("GET", "/api/v1/batches"), ("POST", "/api/v1/batches"), ("GET", "/api/v1/batches/x"),
            ("PUT", "/api/v1/batches/x"), ("POST", "/api/v1/batches/x/submit"), ("POST", "/api/v1/batches/x/approve"), ("POST", "/api/v1/batches/x/suspend"),
            ("POST", "/api/v1/batches/x/resume"), ("POST", "/api/v1/batches/x/close"), ("GET", "/api/v1/batches/x/reconciliation"), ("POST", "/api/v1/orders"),
            ("GET", "/api/v1/lines/line-1/work"), ("POST", "/api/v1/orders/x/leases"), ("GET", "/api/v1/leases/x/manifest"), ("GET", "/api/v1/leases/x/codes"),
            ("GET", "/api/v1/leases/x/reconciliation"), ("POST", "/api/v1/lines/line-1/journal"), ("GET", "/api/v1/lines/line-1/journal"),
            ("GET", "/API/V1/batches"),
        })
        {
            (await _platform.Send("", new HttpMethod(method), path, null)).Problem(401, ProblemTypes.DeviceUnknown);
        }

        (await _platform.Get("", "/api/v1/keys")).Ok();
        (await _platform.Get("", "/healthz")).Ok();
    }

    [Fact(Timeout = 60_000)]
    public async Task Any_bytes_as_a_journal_are_a_problem_and_never_change_anything()
    {
        var random = new Random(7);
        var journal = JournalOfLine.Opened("line-1", () => _platform.Clock.NowUnixMs);
        journal.Add(JournalKind.Restarted);
        byte[] good = JournalUpload.Join(journal.Leaves);
        (await _platform.Upload("line-1", "line-1", journal.Leaves)).Ok();
        for (int n = 0; n < 400; n++)
        {
            byte[] body = [.. good];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            if (random.Next(5) == 0)
            {
                body = body[..random.Next(body.Length)];
            }

            Reply reply = await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal", PlatformUnderTest.Bytes(body, JournalUpload.MediaType));
            Assert.True(reply.Status is 409 or 422 || body.AsSpan().SequenceEqual(good), $"{reply.Status} {reply.Text}");
        }

        Assert.Equal(2, (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>().AcceptedThrough);
    }

    [Fact(Timeout = 30_000)]
    public async Task Hostile_but_well_framed_entries_are_refused_by_name()
    {
        byte[] opened = JournalOfLine.Opened("line-1", () => 0).Leaves[0];
        await Invalid("/entries/0", "Bytes follow", [.. opened, 0]);
        byte[] epoch = [.. opened];
        epoch[28] = 0x7F;
        await Invalid("/entries/0", "", epoch);
        byte[] kind = [.. opened];
        kind[69] = 99;
        await Invalid("/entries/0", "Kind 99", kind);
        await Invalid("/entries/1", "numbers have no gaps", opened, opened);
        byte[] second = JournalLeaf.Encode(JournalLeaf.Decode(opened) with { Seq = 2, Kind = JournalKind.Restarted });
        await Invalid("/entries/1", "hash of the entry before", opened, second);
        byte[] notOpened = JournalLeaf.Encode(JournalLeaf.Decode(opened) with { Kind = JournalKind.Restarted });
        await Invalid("/entries/0", "opens the ledger", notOpened);
        (await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal", PlatformUnderTest.Bytes([], JournalUpload.MediaType)))
            .Problem(422, ProblemTypes.ValidationFailed);
        (await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal", PlatformUnderTest.Bytes(new byte[JournalUpload.MaxBytes + 1], JournalUpload.MediaType)))
            .Problem(413, "payload-too-large");
        Assert.Equal(0, (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>().AcceptedThrough);
    }

    [Fact(Timeout = 30_000)]
    public async Task Extreme_numbers_in_entries_do_no_harm()
    {
        var line = new LineUnderTest(_platform, "line-1");
        await line.Lease(5);
        line.Journal.Add(JournalKind.Print, line.Codes[0], line.LeaseId, at: long.MinValue);
        line.Journal.Add(JournalKind.Verified, line.Codes[0], line.LeaseId, at: long.MaxValue);
        line.Journal.Add(JournalKind.Returned, lease: line.LeaseId, at: long.MinValue, count: long.MaxValue);
        line.Journal.Add(JournalKind.Returned, lease: "nope", count: -1);
        line.Journal.Add(JournalKind.Leased, lease: "nope");
        (await line.Send()).Problem(409, ProblemTypes.LeaseUnknown);
        Reply reply = await _platform.Send("line-1", HttpMethod.Post, "/api/v1/lines/line-1/journal?givenUp=nope",
            PlatformUnderTest.Bytes(JournalUpload.Join(line.Journal.Leaves), JournalUpload.MediaType));
        Assert.Equal(3, reply.Ok().As<JournalReceipt>().Refused.Count);
        (await _platform.Get("", $"/C/{line.Codes[0]}")).Ok();
        (await _platform.Get("", $"/C/{line.Codes[1]}")).Ok();
    }

    [Theory(Timeout = 30_000)]
    [InlineData("{\"lineId\":\"line-1\",\"ledgerId\":\"11111111-1111-4111-8111-111111111111\",\"epoch\":1,\"mayVerify\":0,\"clientRef\":\"k\"}", "/mayVerify")]
    [InlineData("{\"lineId\":\"line-1\",\"ledgerId\":\"00000000-0000-0000-0000-000000000000\",\"epoch\":1,\"mayVerify\":1,\"clientRef\":\"k\"}", "/ledgerId")]
    [InlineData("{\"lineId\":\"line-1\",\"ledgerId\":\"x\",\"epoch\":1,\"mayVerify\":1,\"clientRef\":\"k\"}", "/ledgerId")]
    [InlineData("{\"lineId\":\"line-1\",\"ledgerId\":\"11111111-1111-4111-8111-111111111111\",\"epoch\":1,\"mayVerify\":99999999999,\"clientRef\":\"k\"}", "/mayVerify")]
    [InlineData("{\"lineId\":null,\"ledgerId\":\"11111111-1111-4111-8111-111111111111\",\"epoch\":1,\"mayVerify\":1,\"clientRef\":\"k\"}", "/lineId")]
    [InlineData("{}", null)]
    [InlineData("{\"lineId\":\"line-1\"}", null)]
    public async Task A_lease_request_that_makes_no_sense_is_refused(string body, string? place)
    {
        JsonNode problem = (await _platform.Send("line-1", HttpMethod.Post, $"/api/v1/orders/{_platform.Work["line-1"].OrderId}/leases", Json(body), ("Idempotency-Key", "k")))
            .Problem(422, ProblemTypes.ValidationFailed);
        if (place is not null)
        {
            Assert.Equal(place, (string?)problem["errors"]![0]!["pointer"]);
        }
    }

    private static HttpContent Json(string body) => PlatformUnderTest.Bytes(Encoding.UTF8.GetBytes(body), "application/json");

    private async Task Invalid(string place, string detail, params byte[][] leaves)
    {
        JsonNode problem = (await _platform.Upload("line-1", "line-1", leaves)).Problem(422, ProblemTypes.ValidationFailed);
        Assert.Equal(place, (string?)problem["errors"]![0]!["pointer"]);
        Assert.Contains(detail, (string?)problem["errors"]![0]!["detail"], StringComparison.Ordinal);
    }
}
