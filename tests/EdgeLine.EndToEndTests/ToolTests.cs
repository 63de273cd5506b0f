using System.Text.Json;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary><c>edgeline doctor</c> and <c>edgeline ledger</c> as a person types them.</summary>
public sealed class ToolTests(ITestOutputHelper output)
{
    [Fact(Timeout = 120_000)]
    public async Task Doctor_finds_every_device_and_names_the_one_that_is_missing()
    {
        await using var line = new ConveyorLine();
        await using var bench = new BenchLine();
        await using Site site = Site.New(output);
        // A quarter of the item pitch is what the disk may take; a shared machine gets the slowest belt.
        line.Config["itemsPerMinute"] = 1;
        site.Line("line-1", line.Config);
        site.Line("line-2", bench.Config);
        await site.StartPlatformAsync(5);
        site.WriteConfig();

        (int exit, string said) = await DoctorAsync(site);
        Assert.True(exit == 0, said);
        Assert.Equal(2, Count(said, "printer", "up"));
        Assert.Equal(2, Count(said, "scanner", "up"));
        Assert.Equal(1, Count(said, "gate", "up"));
        Assert.Equal(2, Count(said, "disk", "up"));
        Assert.Contains("platform up", said, StringComparison.Ordinal);
        Assert.Contains("never tested on hardware", said, StringComparison.Ordinal);
        // What the printer itself says: a wrong head is found before the first label.
        Assert.Contains("12 dots/mm", said, StringComparison.Ordinal);
        Assert.Equal(0, line.Printer.Tape.Count + bench.Printer.Tape.Count);

        line.ScannerPort.Cut(off: true);
        (exit, said) = await DoctorAsync(site);
        Assert.True(exit == 3, said);
        Assert.Equal(1, Count(said, "scanner", "fault"));
        Assert.Equal(2, Count(said, "printer", "up"));
        Assert.Equal(1, Count(said, "scanner", "up"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_test_label_goes_through_printer_and_scanner_of_a_line_while_the_service_is_stopped()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using var bench = new BenchLine();
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        site.Line("line-2", bench.Config);
        await site.StartPlatformAsync(5);
        site.WriteConfig();

        (int exit, string said) = await TestLabelAsync(site, "line-2");
        Assert.True(exit == 0 && said.Contains("read: this very label", StringComparison.Ordinal), said);

        // The belt stands while nobody drives it: a person holds another label before the scanner, then this one.
        Task<(int Code, string Said)> trying = TestLabelAsync(site, "line-1");
        await Soon.IsAsync(() => Task.FromResult(line.Printer.Tape.Count == 1), "printed");
        line.Scanner.Read(["https://127.0.0.1/C/H000000000000000"]);
        line.Scanner.Read([line.Printer.Tape.Labels()[0].Code!]);
        (exit, said) = await trying;
        Assert.True(exit == 0 && said.Contains("read: this very label", StringComparison.Ordinal), said);
        Assert.Contains("read something else: \"https://127.0.0.1/C/H000000000000000\"", said, StringComparison.Ordinal);

        Assert.Equal((1, 1), (line.Printer.Tape.Count, bench.Printer.Tape.Count));
        Assert.StartsWith("T", line.Printer.Tape.Labels()[0].CodeTail, StringComparison.Ordinal);

        (int code, string words) = await TestLabelAsync(site, "line-9");
        Assert.True(code == 2 && words.Contains("line-1, line-2", StringComparison.Ordinal), words);

        // A scanner that is not there is named, and nothing is printed for nobody to read.
        line.ScannerPort.Cut(off: true);
        (code, words) = await TestLabelAsync(site, "line-1");
        Assert.True(code == 3 && words.Contains("scanner keyence-sr-1000 at tcp://", StringComparison.Ordinal), words);
        Assert.Equal(1, line.Printer.Tape.Count);
        line.ScannerPort.SwitchOn();

        // Two programs must not write to one printer.
        await site.StartServiceAsync();
        (code, words) = await TestLabelAsync(site, "line-1");
        Assert.True(code == 3 && words.Contains("First article", StringComparison.Ordinal), words);
        Assert.Equal(1, line.Printer.Tape.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_request_that_cannot_be_read_is_answered_with_what_is_wrong()
    {
        await using var line = new ConveyorLine();
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(5);
        site.WriteConfig();
        await site.StartServiceAsync();
        using var http = new HttpClient { BaseAddress = site.PanelUrl };
        (string Body, int Status, string Words)[] cases =
        [
            ("{", 400, "JSON"), ("{\"found\":\"many\"}", 400, "$.found"), ("{\"found\":99999999999}", 400, "$.found"),
            ($"{{\"why\":\"{new string('x', 100_000)}\"}}", 413, "65536"),
        ];
        foreach ((string body, int status, string words) in cases)
        {
            using var content = new StringContent(body, null, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri("api/lines/line-1/clearance", UriKind.Relative), content);
            string said = await answer.Content.ReadAsStringAsync();

            Assert.True(status == (int)answer.StatusCode, said);
            JsonElement problem = JsonDocument.Parse(said).RootElement;
            Assert.EndsWith("bad-request", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
            Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task The_ledger_answers_while_the_line_runs_and_can_be_verified_when_it_is_stopped()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(500);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Account.Verified >= 3, "runs");
        string code = line.Belt.Shipped.Codes.First().Key;

        (int exit, string said) = await LedgerAsync(site, "status");
        Assert.True(exit == 0 && JsonDocument.Parse(said).RootElement.GetProperty("account").GetProperty("verified").GetInt64() >= 3, said);
        (exit, string running) = await LedgerAsync(site, "find", code);
        Assert.True(exit == 0, running);
        AssertStory(running, code);
        await BackupAsync(site, "while-it-runs");
        LineSnapshot before = await site.PictureAsync("line-1");
        await site.PictureAsync("line-1", p => p.Account.Verified > before.Account.Verified, "undisturbed");

        await site.Service.StopAsync();
        (exit, said) = await LedgerAsync(site, "verify");
        Assert.True(exit == 0 && said.Contains("line-1: sound", StringComparison.Ordinal), said);
        (exit, said) = await LedgerAsync(site, "status");
        Assert.True(exit == 0, said);
        Assert.Equal(StoppedLedger.Read(site, "line-1").In("verified").Count, JsonDocument.Parse(said).RootElement.GetProperty("account").GetProperty("verified").GetInt64());
        (exit, string stopped) = await LedgerAsync(site, "find", code[^16..]);
        Assert.True(exit == 0, stopped);
        AssertStory(stopped, code);
        await BackupAsync(site, "stopped");
        (exit, said) = await LedgerAsync(site, "find", "H000000000000000");
        Assert.True(exit == 3, said);

        Tamper(site, code[^16..]);
        (exit, said) = await LedgerAsync(site, "verify");
        Assert.True(exit == 3 && said.Contains("finding", StringComparison.Ordinal), said);
    }

    private static async Task BackupAsync(Site site, string folder)
    {
        string into = Path.Combine(site.Folder, folder);
        (int exit, string said) = await LedgerAsync(site, "backup", into);
        Assert.True(exit == 0 && said.Contains("put back", StringComparison.Ordinal), said);
        using var db = new SqliteConnection($"Data Source={Assert.Single(Directory.GetFiles(into))};Mode=ReadOnly;Pooling=False");
        db.Open();
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "SELECT count(*) FROM code WHERE state = 'verified'";
        Assert.InRange((long)command.ExecuteScalar()!, 3, 500);
    }

    private static void AssertStory(string found, string url)
    {
        JsonElement root = JsonDocument.Parse(found).RootElement;
        Assert.Equal(url[^16..], root.GetProperty("code").GetString()!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("verified", root.GetProperty("state").GetString());
        Assert.Equal(["Print", "Verified"], root.GetProperty("journal").EnumerateArray().Select(e => e.GetProperty("kind").GetString()));
    }

    // Somebody makes a code printable again, behind the journal's back.
    private static void Tamper(Site site, string code)
    {
        using var db = new SqliteConnection($"Data Source={Path.Combine(site.Folder, "data", "line-1", "ledger.db")};Pooling=False");
        db.Open();
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "UPDATE code SET state = 'available' WHERE value = $code";
        command.Parameters.AddWithValue("$code", code);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static Task<(int ExitCode, string Output)> DoctorAsync(Site site) =>
        RunningProgram.RunAsync("edgeline", "doctor", "--config", site.ConfigFile);

    private static Task<(int ExitCode, string Output)> TestLabelAsync(Site site, string line) =>
        RunningProgram.RunAsync("edgeline", "test-label", line, "--seconds", "8", "--config", site.ConfigFile);

    private static Task<(int ExitCode, string Output)> LedgerAsync(Site site, params string[] what) =>
        RunningProgram.RunAsync("edgeline", ["ledger", .. what, "--config", site.ConfigFile]);

    private static int Count(string said, string role, string state) =>
        said.Split('\n').Count(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string r, string s, ..] && r == role && s == state);
}
