using System.Text;
using System.Text.Json.Nodes;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Printing;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>Before the first live label: a test label with the text of the run, and a check of the scanner.</summary>
public sealed class FirstArticleTests(ITestOutputHelper output)
{
    [Fact(Timeout = 120_000)]
    public async Task The_first_label_of_a_run_carries_a_test_code_and_the_text_of_the_run_and_waits_for_a_person()
    {
        await using var line = new ConveyorLine();
        await using Site site = Site.New(output);
        line.Config["firstArticle"] = true;
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(20);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot waiting = await site.PictureAsync("line-1", p => p.FirstArticle.State == "to-approve", "first article was read");

        Assert.Equal("first-article", waiting.Reason);
        Assert.Equal((0L, 0L, 0L), (waiting.RunCounts.Printed, waiting.Account.Verified, waiting.Account.Printing));
        TapeLabel label = Assert.Single(line.Printer.Tape.Labels());
        Assert.StartsWith("T", label.CodeTail, StringComparison.Ordinal);
        Assert.EndsWith(waiting.FirstArticle.CodeTail, label.CodeTail, StringComparison.Ordinal);
        Assert.Contains(waiting.Run!.BatchNumber, Encoding.ASCII.GetString(line.Printer.Tape.FormatOf(label)!.Raw), StringComparison.Ordinal);
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Rejected == 1), "its item is thrown out");
        Assert.Equal(0, line.Belt.Shipped.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_begins_with_a_check_prints_nothing_before_it()
    {
        await using var line = new ConveyorLine();
        await using Site site = Site.New(output);
        line.Config["checks"] = new JsonObject { ["atRunStart"] = true, ["everyHours"] = null };
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(20);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot waiting = await site.PictureAsync("line-1", p => p.CodesLeft > 0, "codes are here");

        Assert.Equal((PackMlState.Suspended, "scanner-check", "due"), (waiting.State, waiting.Reason, waiting.Check.State));
        Assert.Contains("scanner-check", waiting.Actions);
        Assert.Equal(0, line.Printer.Tape.Count);
    }
}
