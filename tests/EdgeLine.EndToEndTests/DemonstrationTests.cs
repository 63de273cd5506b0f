using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The whole site as its users start it; the report compares tape, gate, ledger, MQTT and platform.</summary>
public sealed class DemonstrationTests(ITestOutputHelper output)
{
    [Fact(Timeout = 240_000)]
    public async Task A_real_batch_of_6000_at_full_speed_loses_nothing_and_lets_no_code_pass_twice()
    {
        JsonElement report = await RunAsync("--labels", "6000", "--speed", "max", "--faults", "none");

        AssertEverythingAgrees(report, 6000);
        Assert.Equal(0, Number(report, "tape_codes_twice"));
        Assert.Equal(12_000, Number(report, "tape_labels"));
        Assert.Equal(12_000, Number(report, "passed_items"));
    }

    [Fact(Timeout = 300_000)]
    public Task Ten_kills_of_the_service_on_the_way_leave_an_account_that_closes() => KillAsync(1_500, 10, full: false);

    [Fact(Timeout = 1_800_000)]
    [Trait("tier", "full")]
    public Task A_real_batch_of_6000_with_fifty_kills_on_the_way_closes() => KillAsync(6_000, 50, full: true);

    [Fact(Timeout = 240_000)]
    public async Task The_first_minute_with_a_no_read_paper_out_and_a_kill_closes()
    {
        JsonElement report = await RunAsync("--labels", "45", "--speed", "600", "--faults", "demo");

        AssertEverythingAgrees(report, 45);
        Assert.Equal(1, Number(report, "kills"));
        Assert.True(Number(report, "tape_labels") > 90, "labels were wasted by the faults, and printed anew");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_belt_that_jerks_stops_and_chatters_with_hands_on_it_lets_no_code_pass_twice()
    {
        JsonElement report = await RunAsync("--labels", "120", "--speed", "1200", "--faults", "belt", "--lines", "line-1", "--seed", "3");

        Assert.Equal(120, Number(report, "verified"));
        foreach (string zero in (string[])["remainder", "passed_codes_twice", "passed_not_verified", "in_doubt", "printing", "rejected"])
        {
            Assert.True(Number(report, zero) == 0, $"{zero} is {Number(report, zero)}\n{report}");
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task A_label_web_with_unread_labels_closes()
    {
        JsonElement report = await RunAsync("--labels", "120", "--speed", "max", "--faults", "no-read", "--lines", "line-3");

        Assert.Equal(120, Number(report, "verified"));
        Assert.Equal(120, Number(report, "platform_confirmed"));
        Assert.Equal(0, Number(report, "passed_codes_twice") + Number(report, "passed_not_verified") + Number(report, "remainder"));
    }

    private async Task KillAsync(int labels, int kills, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F5", "kill -9 of the whole service; five witnesses agree", "1", full, test);
        JsonElement report = await RunAsync(
            TimeSpan.FromSeconds(full ? 1_750 : 280), "--labels", $"{labels}", "--speed", "max", "--faults", "none", "--kills", $"{kills}");
        row.Cycles = Number(report, "kills");
        row.Demand(() => AssertEverythingAgrees(report, labels));
        Assert.Equal(kills, row.Cycles);
    }

    private Task<JsonElement> RunAsync(params string[] options) => RunAsync(TimeSpan.FromSeconds(220), options);

    private async Task<JsonElement> RunAsync(TimeSpan limit, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("edgeline-demo-").FullName;
        try
        {
            string file = Path.Combine(folder, "report.json");
            (int code, string said) = await RunningProgram.RunAsync(
                "edgeline-sim",
                limit,
                ["demo", "--exit", "--folder", Path.Combine(folder, "site"), "--programs", AppContext.BaseDirectory, "--report", file, .. options]);
            output.WriteLine(said);
            string report = File.Exists(file) ? await File.ReadAllTextAsync(file) : "no report";
            Assert.True(code == 0, $"exit code {code}\n{said}\n{report}\n{Tail(Path.Combine(folder, "site", "log"))}");
            return JsonDocument.Parse(report).RootElement;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertEverythingAgrees(JsonElement report, int labels)
    {
        foreach (string line in (string[])["line-1", "line-2"])
        {
            JsonElement one = report.GetProperty("lines").GetProperty(line);
            Assert.Equal(labels, Number(one, "verified"));
            Assert.Equal(labels, Number(one, "platform_confirmed"));
            // The Zebra printer has a port for that; the site file of the demonstration names it.
            Assert.Equal(line == "line-1", Number(one, "status_questions") > 0);
        }

        Assert.Equal(2 * labels, Number(report, "verified"));
        foreach (string zero in (string[])["remainder", "passed_codes_twice", "passed_not_verified", "platform_refused", "in_doubt", "printing", "rejected"])
        {
            Assert.True(Number(report, zero) == 0, $"{zero} is {Number(report, zero)}\n{report}");
        }

        Assert.True(report.GetProperty("mqtt_counts_agree").GetBoolean(), report.ToString());
        Assert.Equal("mosquitto", report.GetProperty("broker").GetString());
        long states = ((string[])["available", "printing", "in_doubt", "rejected", "verified", "sampled", "void", "returned", "expired"])
            .Sum(state => Number(report, state));
        Assert.Equal(Number(report, "leased"), states);
    }

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();

    private static string Tail(string folder) => !Directory.Exists(folder)
        ? "no log"
        : string.Join('\n', Directory.GetFiles(folder).SelectMany(f => File.ReadLines(f).TakeLast(20).Prepend(f)));
}
