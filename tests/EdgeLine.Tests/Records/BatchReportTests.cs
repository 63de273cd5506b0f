using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using EdgeLine.Service.Records;
using EdgeLine.Tests.Ledger;
using EdgeLine.Tests.Line;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Records;

/// <summary>Reports and histories from a real ledger file.</summary>
public sealed class BatchReportTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task Every_code_of_the_order_is_accounted_for()
    {
        await _test.FillAsync();
        BatchReport report = await ReportAsync();
        Assert.Equal(
            "in-doubt=1 printing=3 rejected=1 verified=2 void=1", string.Join(' ', report.Codes.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}")));
        Assert.Equal(new OrderCodes(Leased: 12, ThisRun: 8, OtherRuns: 0, Available: 4, Returned: 0, Expired: 0, Withdrawn: 0, Remainder: 0), report.Order);
        Assert.Equal(("run-1", "B-0715", 9, "Li"), (report.Run.RunId, report.Run.BatchNumber, report.Run.Target, report.Run.StartedBy));
        Assert.Null(report.Run.EndedMs);
        Assert.Equal(report.AsOfSeq, report.SearchedThrough);
    }

    [Fact(Timeout = Timeout)]
    public async Task Witnesses_from_different_places_agree_and_the_items_are_counted_once()
    {
        await _test.FillAsync();
        BatchReport report = await ReportAsync();
        Dictionary<string, Witness> by = report.Witnesses.ToDictionary(w => w.Name);
        Assert.Equal((8, 8, true), (by["codes-printed"].Count, by["journal-prints"].Count, by["journal-prints"].Agrees));
        Assert.Equal((2, 2, true), (by["codes-verified"].Count, by["journal-verified"].Count, by["journal-verified"].Agrees));
        // Good, no-read, good and then late, duplicate; the one accepted at rework is the one without a read.
        Assert.Equal(4, by["items-judged"].Count);
        Assert.Null(by["platform-confirmed"].Agrees);
        Assert.Equal([new ReasonCount("duplicate", 1), new ReasonCount("late", 1), new ReasonCount("no-read", 1)], report.Rejects);
        Assert.Equal([new ReasonCount("line-clearance", 1)], report.Voids);
    }

    [Fact(Timeout = Timeout)]
    public async Task While_the_line_runs_on_codes_and_journal_are_of_one_moment()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 600);
        await _test.WriteAsync(Entry(JournalKind.RunStarted, count: 600) with { Who = "Li", Detail = RunDetail.Of(Some.Order(600)) });
        Task line = Task.Run(async () =>
        {
            foreach (CodeRef code in codes)
            {
                await _test.WriteAsync(Print(code));
                await _test.WriteAsync(Move(code, CodeState.Printing, JournalKind.Verified));
            }
        });
        var seen = new HashSet<long>();
        do
        {
            BatchReport report = await ReportAsync();
            seen.Add(report.AsOfSeq);
            Assert.All(report.Witnesses, w => Assert.NotEqual(false, w.Agrees));
            Assert.Equal(report.Codes.Values.Sum(), report.Order.ThisRun);
        }
        while (!line.IsCompleted);

        await line;
        Assert.True(seen.Count > 3, $"{seen.Count} different moments");
        Assert.Equal(600, (await ReportAsync()).Codes["verified"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_ledger_whose_codes_disagree_with_its_journal_is_shown_as_different()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        await _test.Ledger.AskAsync(db =>
        {
            using var command = db.CreateCommand();
            command.CommandText = $"UPDATE code SET state = 'verified' WHERE id = {codes[6].Id}";
            return command.ExecuteNonQuery();
        });
        BatchReport report = await ReportAsync();
        Assert.False(report.Witnesses.Single(w => w.Name == "journal-verified").Agrees);
    }

    [Fact(Timeout = Timeout)]
    public async Task Every_code_with_a_story_is_named_with_reason_and_person()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        await _test.WriteAsync(Entry(JournalKind.RunEnded, "ended", 1));
        // After the run somebody destroys the label of a rejected item; another person signs in meanwhile.
        await _test.WriteAsync(new LineEntry(JournalKind.Person, "signed-in") { Who = "qian@panel" });
        await _test.WriteAsync(new LineEntry(JournalKind.Void, "label-destroyed") { Code = codes[2], From = CodeState.Rejected, Who = "qian@rework" });
        BatchReport report = await ReportAsync();
        CodeLine destroyed = report.Exceptions.Single(e => e.Code == codes[2].Code.Value);
        Assert.Equal(("void", "label-destroyed", "qian@rework"), (destroyed.State, destroyed.Reason, destroyed.Who));
        CodeLine reworked = report.Exceptions.Single(e => e.Code == codes[1].Code.Value);
        Assert.Equal(("verified", "rework", "Wang"), (reworked.State, reworked.Reason, reworked.Who));
        Assert.Equal(7, report.Exceptions.Count);
        Assert.DoesNotContain(report.Exceptions, e => e.Code == codes[0].Code.Value);
        Assert.Contains(report.Actions, a => a is { Kind: "Void", Who: "qian@rework" });
        Assert.DoesNotContain(report.Actions, a => a.Kind == "Person");
        Assert.Equal((1L, "ended"), (report.Run.CountedAtEnd, report.Run.EndReason));
    }

    [Fact(Timeout = Timeout)]
    public async Task Codes_read_since_the_last_good_check_are_suspect_when_a_check_fails()
    {
        IReadOnlyList<CodeRef> codes = await RunAsync(6);
        await GoodAsync(codes[0]);
        await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "passed"));
        await GoodAsync(codes[1]);
        await GoodAsync(codes[2]);
        await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "failed", 2) with { Who = "li@panel" });
        await GoodAsync(codes[3]);
        await _test.WriteAsync(Entry(JournalKind.RunEnded, "ended", 4));
        await _test.WriteAsync(new LineEntry(JournalKind.ScannerCheck, "failed"));
        BatchReport report = await ReportAsync();
        Assert.Equal(2, report.Suspects.Count);
        Assert.Equal([codes[1].Code.Value, codes[2].Code.Value], report.Suspects[0].Codes);
        // The check after the run still tells of the run: its last good one was the one before.
        Assert.Equal([codes[1].Code.Value, codes[2].Code.Value, codes[3].Code.Value], report.Suspects[1].Codes);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_sample_that_counts_for_the_target_is_no_difference()
    {
        IReadOnlyList<CodeRef> codes = await RunAsync(4);
        await GoodAsync(codes[0]);
        await GoodAsync(codes[1]);
        await _test.WriteAsync(Move(codes[1], CodeState.Verified, JournalKind.Sampled, "sample") with { Who = "qian@run" });
        await _test.WriteAsync(Entry(JournalKind.RunEnded, "target-met", 2));
        BatchReport report = await ReportAsync();
        Assert.True(report.Witnesses.Single(w => w.Name == "line-count").Agrees);
        Assert.True(report.Witnesses.Single(w => w.Name == "journal-verified").Agrees);
        Assert.Equal(1, report.Codes["sampled"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_CSV_has_each_printed_code_once_and_none_that_was_never_printed()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        BatchReport report = await ReportAsync();
        await using var text = new StringWriter();
        await BatchCsv.WriteAsync(_test.Ledger, report, text, CancellationToken.None);
        string[] lines = text.ToString().TrimEnd().Split("\r\n");
        Assert.Equal(9, lines.Length);
        Assert.Equal(codes.Take(8).Select(c => c.Code.Value), lines.Skip(1).Select(l => l.Split(',')[0]));
        Assert.StartsWith($"{codes[1].Code.Value},verified,", lines[2], StringComparison.Ordinal);
        Assert.Contains(",yes,no,rework,Wang,", lines[2], StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Runs_are_listed_newest_first_and_an_unknown_one_has_no_report()
    {
        await _test.FillAsync();
        await _test.WriteAsync(Entry(JournalKind.RunEnded, "ended", 1));
        await _test.WriteAsync(new LineEntry(JournalKind.RunStarted) { RunId = "run-2", Count = 5, Who = "Wang", Detail = RunDetail.Of(Some.Order(5, run: "run-2")) });
        IReadOnlyList<RunHead> runs = await RunList.LastAsync(_test.Ledger, CancellationToken.None);
        Assert.Equal(["run-2", "run-1"], runs.Select(r => r.RunId));
        Assert.Equal([null, "ended"], runs.Select(r => r.EndedMs is null ? null : r.EndReason));
        Assert.Null(await BatchReporter.MakeAsync(_test.Ledger, LineId, "run-9", 0, TimeProvider.System, CancellationToken.None));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_history_of_a_code_has_every_entry_of_it()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        CodeHistory history = (await HistoryAsync(codes[1].Code))!;
        Assert.Equal(["Print", "Rejected", "Verified"], history.Steps.Select(s => s.Kind));
        Assert.Equal(("verified", "run-1", "lease-1"), (history.State, history.RunId, history.LeaseId));
        Assert.Empty((await HistoryAsync(codes[11].Code))!.Steps);
        Assert.Null(await HistoryAsync(Some.Code(5)));
    }

    private async Task<BatchReport> ReportAsync() =>
        (await BatchReporter.MakeAsync(_test.Ledger, LineId, null, 0, TimeProvider.System, CancellationToken.None))!;

    private Task<CodeHistory?> HistoryAsync(CertificateCode code) =>
        CodeHistory.OfAsync(_test.Ledger, LineId, code, 0, TimeProvider.System, CancellationToken.None);

    private async Task<IReadOnlyList<CodeRef>> RunAsync(int count)
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: count);
        await _test.WriteAsync(Entry(JournalKind.RunStarted, count: count) with { Who = "Li", Detail = RunDetail.Of(Some.Order(count)) });
        return codes;
    }

    private async Task GoodAsync(CodeRef code) =>
        await _test.WriteAsync(Print(code), Move(code, CodeState.Printing, JournalKind.Verified));
}
