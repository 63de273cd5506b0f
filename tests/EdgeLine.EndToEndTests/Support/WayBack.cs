using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>What an engineer does at night with config/RECOVERY.md beside the keyboard, in its words and its order.</summary>
internal static partial class WayBack
{
    private const string Line = "line-1";

    /// <summary>Step 2: a code from the platform.</summary>
    public static async Task<string> CodeAsync(Site site)
    {
        (int code, string said) = await RunningProgram.RunAsync(
            "edgeline-platform", "enrolment", Line, "--url", site.PlatformUrl.ToString(),
            "--token-file", Path.Combine(site.PlatformFolder, "qa.token"), "--why", "disk dead");
        Assert.True(code == 0, said);
        return Code().Match(said).Value;
    }

    /// <summary>Steps 2 and 3: the code, and its use on the PC with this site file.</summary>
    public static async Task<string> EnrolAsync(Site site, string config)
    {
        string code = await CodeAsync(site);
        (int exit, string said) = await RunningProgram.RunAsync("edgeline", "enrol", code, "--line", Line, "--config", config);
        site.Tell($"enrol:\n{said}");
        Assert.True(exit == 0, said);
        return said;
    }

    /// <summary>
    /// Step 4: the service is started and the line is held. Items that left and whose codes are in doubt are fetched back and
    /// shown at rework; bin and belt are left to the person who clears the line.
    /// </summary>
    public static async Task<LineSnapshot> HeldAsync(Site site, ConveyorLine line)
    {
        await site.StartServiceAsync();
        LineSnapshot held = await site.PictureAsync(Line, p => p is { State: PackMlState.Held, Reason: "enrolled" }, "held for the enrolment");
        Assert.Contains("clearance", held.Actions);
        Assert.Equal(0, held.Account.Available + held.Account.Printing + held.Account.Remainder);
        foreach (string payload in line.Belt.Shipped.Codes.Keys)
        {
            JsonElement found = await site.Panel.GetFromJsonAsync<JsonElement>($"api/ledger/find?code={payload[^16..]}");
            string state = found.GetProperty("state").GetString()!;
            Assert.Contains(state, (string[])["verified", "in-doubt"]);
            if (state == "in-doubt")
            {
                await site.MustActAsync(Line, "rework", new { payload, who = "li" });
                await site.PictureAsync(Line, p => p.Rework is { Answer: "accept" } card && payload.EndsWith(card.CodeTail, StringComparison.Ordinal), "item that was fetched back accepted");
            }
        }

        return held;
    }

    /// <summary>Step 5 and the end of the shift: clearance, the rest of the order, and everything adds up.</summary>
    public static async Task FinishAsync(Site site, ConveyorLine line, int target)
    {
        VirtualOperator person = site.Staff(Line, line.Belt);
        LineSnapshot end = await site.SettledAsync(Line, person, 120);
        Reconciliation platform = await new People(site).AccountAsync(Line);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, Line);
        Assert.Equal((target, 0L, 0L), (end.Account.Verified, end.Account.Remainder, end.PlatformRefused));
        Assert.Equal((target, 0L, 0L, 0L, 0L), (platform.Active, platform.Open, platform.Printing, platform.InDoubt, platform.Refused));
        Assert.Equal(target, line.Belt.Shipped.Codes.Count);
        Assert.All(line.Belt.Shipped.Codes, code => Assert.Equal((1, "verified"), (code.Value, ledger.Codes[code.Key[^16..]])));
        AssertNoTwins(line.Printer);
        (int verify, string said) = await RunningProgram.RunAsync("edgeline", "ledger", "verify", "--config", site.ConfigFile);
        Assert.True(verify == 0, said);
    }

    /// <summary>No code was imaged twice, on however many printers.</summary>
    public static void AssertNoTwins(params VirtualPrinter[] printers) => Assert.All(
        printers.SelectMany(p => p.Tape.Labels()).Where(l => l.Code is not null && l.Kind == TapeLabelKind.Printed).GroupBy(l => l.CodeTail),
        code => Assert.True(code.Count() == 1, $"code ...{code.Key?[^4..]} is on {code.Count()} labels"));

    [GeneratedRegex("ENR-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")]
    private static partial Regex Code();
}
