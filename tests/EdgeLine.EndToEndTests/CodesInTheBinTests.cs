using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A run that the platform can give no more codes, because an item of the run before lies in the bin with the last one.</summary>
public sealed class CodesInTheBinTests(ITestOutputHelper output)
{
    private const int Wanted = 24;

    [Fact(Timeout = 150_000)]
    public async Task The_page_says_that_the_last_code_is_in_the_bin_and_rework_ends_the_run()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 }, new FaultPlan(1).At(4, ItemFault.NoRead));
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(quantity: Wanted);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Rejected >= 1), "an item is in the bin", 30);
        await site.MustActAsync("line-1", "end", new { who = "anna" });
        LineSnapshot first = await site.PictureAsync("line-1", p => p.State is PackMlState.Complete or PackMlState.Held, "ended", 90);
        Assert.InRange(first.Account.Rejected, 1, 5);
        if (first.Actions.Contains("clearance"))
        {
            await site.MustActAsync("line-1", "clearance", new { who = "anna", found = line.Belt.ClearLine().Count(l => l.Code is not null) });
        }

        await site.PictureAsync("line-1", p => p.Actions.Contains("start") && p.ConfirmedSeq == p.AsOfSeq, "is ready again");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot stuck = await site.PictureAsync("line-1", p => p is { State: PackMlState.Suspended, Reason: "codes-in-bin", Account.Printing: 0 }, "says where the last code is");
        Assert.Equal((Wanted - stuck.Account.Rejected, true), (stuck.Account.Verified, stuck.CodesLeft > 0));
        Assert.Contains(stuck.Alarms, a => a.Key == "codes-in-bin");

        foreach (string payload in line.Belt.TakeBin().SelectMany(i => i.Labels).Select(l => l.Readable).OfType<string>())
        {
            await site.MustActAsync("line-1", "rework", new { payload, who = "anna" });
            await site.PictureAsync("line-1", p => p.Rework is { Answer: "accept" } card && payload.EndsWith(card.CodeTail, StringComparison.Ordinal), "accepts it");
        }

        LineSnapshot end = await site.CompleteAsync("line-1");
        Assert.Equal((Wanted, 0L), (end.Account.Verified, end.Account.Rejected));
    }
}
