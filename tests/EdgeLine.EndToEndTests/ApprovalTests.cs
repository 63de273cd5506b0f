using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>No report, no label (P5): what people at the platform may not do, and what a line then does not print.</summary>
public sealed class ApprovalTests(ITestOutputHelper output)
{
    [Fact(Timeout = 180_000)]
    public async Task A_batch_without_its_own_good_report_gets_no_order_and_no_label()
    {
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(line, 20);
        var people = new People(site);
        string none = await people.DraftLikeAsync("line-1", "B-NONE");
        string bad = await people.DraftLikeAsync("line-1", "B-BAD");
        string other = await people.DraftLikeAsync("line-1", "B-OTHER");
        string badReport = await people.ReportAsync("line-1", bad, "R-BAD", "unqualified");
        string goodReport = await people.ReportAsync("line-1", bad, "R-GOOD", "qualified");
        foreach ((string batch, string? reportId, string reason) in new[]
        {
            (none, null, "no-report"),
            (bad, badReport, "conclusion-unqualified"),
            (other, (string?)goodReport, "report-of-another-batch"),
        })
        {
            await people.DoAsync("qa", $"batches/{batch}/submit", new { reportId });
            JsonElement refused = await people.RefusedAsync("approver", $"batches/{batch}/approve");
            Assert.Equal(ProblemTypes.ReportGate, People.TypeOf(refused));
            Assert.Contains(reason, refused.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
            Assert.NotEqual("", refused.GetProperty("detail").GetString());
            JsonElement noOrder = await people.RefusedAsync("qa", "orders", new { lineId = "line-1", batchId = batch, target = 5 });
            Assert.Equal(ProblemTypes.BatchNotApproved, People.TypeOf(noOrder));
        }

        // The line knows one order only; one that a person makes up is none.
        Assert.Equal("no-such-order", await site.RefusalAsync("line-1", "start", new { who = "anna", orderId = none }));
        Assert.Equal(1, JsonDocument.Parse(await site.Panel.GetStringAsync("api/lines/line-1/work")).RootElement.GetArrayLength());
        Assert.Equal(0, line.Printer.Tape.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_batch_whose_report_was_revoked_is_not_printed()
    {
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(line, 20);
        var people = new People(site);
        string report = (await people.GetAsync("qa", $"batches/{people.BatchOf("line-1")}")).GetProperty("reportId").GetString()!;
        await people.DoAsync("lab", $"inspection-reports/{report}/revoke", new { why = "sample was of another batch" });

        Assert.Equal("batch-suspended", await site.RefusalAsync("line-1", "start", new { who = "anna" }));
        Assert.Equal(0, line.Printer.Tape.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_batch_suspended_in_mid_run_stops_the_line_and_nothing_more_leaves_until_it_is_cleared()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 600 });
        await using Site site = await StartAsync(line, 60);
        var people = new People(site);
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Account.Verified >= 5, "runs");

        await people.DoAsync("approver", $"batches/{people.BatchOf("line-1")}/suspend", new { why = "complaint" });
        LineSnapshot held = await site.PictureAsync("line-1", p => p.State == PackMlState.Held, "held");
        await Soon.IsAsync(() => Task.FromResult(line.Gate is { StopRequested: true, NextScannedAt: null }), "belt stands, nothing before the gate");
        int passed = line.Belt.Shipped.Count;
        int printed = line.Printer.Tape.Count;

        Assert.Equal("batch-suspended", held.Reason);
        Assert.Contains(held.Alarms, alarm => alarm.Key == "batch-suspended");
        Assert.True(held.Account.Verified < 60);
        Assert.Equal("clearance", await site.RefusalAsync("line-1", "resume", new { who = "anna" }));

        await people.DoAsync("approver", $"batches/{people.BatchOf("line-1")}/resume");
        await site.PictureAsync("line-1", p => p.ConfirmedSeq == p.AsOfSeq, "confirmed");
        Assert.Equal((passed, printed), (line.Belt.Shipped.Count, line.Printer.Tape.Count));
        await site.MustActAsync("line-1", "clearance", new { found = line.Belt.ClearLine().Count, who = "anna" });
        LineSnapshot end = await site.CompleteAsync("line-1");

        Assert.Equal(60, end.Account.Verified);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(60, end.PlatformConfirmed);
        Assert.All(line.Belt.Shipped.Codes, code => Assert.Equal(1, code.Value));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_lease_that_ends_in_mid_run_ends_the_printing_and_what_was_printed_in_time_still_counts()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 600 });
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(2000);
        await using Impostor impostor = await Impostor.StartAsync(site);
        impostor.Manifests["line-1"] = (m, i) => i.Sign(m with { ExpiresAtUnixMs = m.IssuedAtUnixMs + 8000 });
        site.Instead = (impostor.Url, impostor.KeyFile);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Account.Verified > 0, "runs");

        // From now on the platform has nothing better to give.
        impostor.Manifests["line-1"] = (m, i) => i.Sign(m with { ExpiresAtUnixMs = m.IssuedAtUnixMs - 1 });
        LineSnapshot end = await site.PictureAsync(
            "line-1", p => p is { Reason: "lease-expired", InFlight: 0 } && p.ConfirmedSeq == p.AsOfSeq, "lease has ended");

        Assert.Equal(PackMlState.Suspended, end.State);
        Assert.Equal(0, end.Account.Available);
        Assert.True(end.Account.Expired > 0);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(end.Account.Leased - end.Account.Expired, line.Printer.Tape.Count);
        Assert.Equal(end.Account.Verified, end.PlatformConfirmed);
        Assert.Equal(0, end.PlatformRefused);
    }

    private async Task<Site> StartAsync(ConveyorLine line, int quantity)
    {
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(quantity);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        return site;
    }
}
