using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Commands;
using EdgeLine.Simulator.Demo;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Tests.Simulator;

/// <summary>The oracle itself: a witness who lies or errs must be found out.</summary>
public sealed class DemoOracleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-oracle-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 30_000)]
    public async Task When_all_witnesses_agree_nothing_is_reported()
    {
        LineResult result = await Result();
        Assert.Empty(result.Problems);
        Assert.True(result.MqttAgrees);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_passed_item_whose_code_is_not_verified_is_found()
    {
        LineResult result = await Result(ledger: ["verified", "void"]);
        Assert.Contains(result.Problems, p => p.Contains("passed but not verified", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_code_on_two_passed_items_is_found()
    {
        LineResult result = await Result(shippedTwice: true);
        Assert.Contains(result.Problems, p => p.Contains("codes on two passed items", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_verified_code_whose_item_is_nowhere_is_found()
    {
        LineResult result = await Result(shipped: 1);
        Assert.Contains(result.Problems, p => p.Contains("neither left nor were destroyed", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_label_that_the_ledger_never_entered_as_printed_is_found()
    {
        LineResult result = await Result(ledger: ["verified", "available"]);
        Assert.Contains(result.Problems, p => p.Contains("never entered as printed", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_platform_that_confirmed_less_is_found()
    {
        LineResult result = await Result(confirmed: 1);
        Assert.Contains(result.Problems, p => p.Contains("platform confirmed", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task Counts_on_MQTT_of_an_older_entry_do_not_agree()
    {
        LineResult result = await Result(mqttSeq: 6);
        Assert.False(result.MqttAgrees);
        Assert.Contains(result.Problems, p => p.Contains("MQTT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("media-out@10:240", "MediaOut", 9, 240)]
    [InlineData("head-open@1", "HeadOpen", 0, 0)]
    [InlineData("power-cycle@3:1", "PowerCycle", 2, 1)]
    public void A_fault_is_written_as_kind_label_and_row(string text, string fault, int ahead, int row) =>
        Assert.Equal((Enum.Parse<PrinterFault>(fault), ahead, row), DeviceOptions.ParseFault(text));

    [Theory]
    [InlineData("")]
    [InlineData("fire@1")]
    [InlineData("media-out")]
    [InlineData("media-out@0")]
    [InlineData("media-out@1:-1")]
    public void A_fault_that_cannot_be_read_is_refused_with_its_form(string text) =>
        Assert.Contains("KIND@LABEL[:ROW]", Assert.Throws<ArgumentException>(() => DeviceOptions.ParseFault(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_named_fault_plan_exists()
    {
        foreach (string name in FaultPlan.Names)
        {
            FaultPlan plan = FaultPlan.Named(name, 1);
            bool something = plan.PrinterFaults.Count > 0 || plan.Belt != new BeltTroubles() || Enumerable.Range(0, 5000).Any(_ => plan.Next() != ItemFault.None);
            Assert.Equal(name != "none", something);
        }
    }

    private async Task<LineResult> Result(
        string[]? ledger = null, int shipped = 2, bool shippedTwice = false, int confirmed = 2, int mqttSeq = 7)
    {
        ledger ??= ["verified", "verified"];
        var options = new DemoOptions { Folder = _folder, Labels = 2, ItemsPerMinute = 0 };
        await using var line = new DemoLine("line-1", bench: false, options);
        string[] codes = ["H000000000000001", "H000000000000002"];
        foreach (string code in codes)
        {
            await line.Printer.ReceiveAsync(Encoding.ASCII.GetBytes(PrinterUnderTest.Label(code)), new Nowhere(), default);
        }

        IReadOnlyList<TapeLabel> tape = line.Printer.Tape.Labels();
        for (int i = 0; i < shipped + (shippedTwice ? 1 : 0); i++)
        {
            var item = new Item(i + 1);
            item.Labels.Add(tape[i % 2]);
            line.Place.Shipped.Add(item, WayOut.Gate);
        }

        WriteLedger(codes.Zip(ledger), entries: 7);
        int verified = ledger.Count(s => s == "verified");
        int other(string state) => ledger.Count(s => s == state);
        using JsonDocument mqtt = JsonDocument.Parse(
            $$"""
            {"as_of_seq":{{mqttSeq}},"platform_confirmed":2,"account":{"leased":2,"available":{{other("available")}},"printing":0,"in_doubt":0,"rejected":0,
            "verified":{{verified}},"sampled":0,"void":{{other("void")}},"returned":0,"expired":0,"remainder":0} }
            """);
        var platform = new Reconciliation(2, 0, 0, 0, 0, confirmed, 0, 0, 0, 0, 0, 6000);
        return LineResult.Of(line, options, LedgerWitness.Read(_folder, "line-1"), platform, mqtt.RootElement, broker: true);
    }

    private void WriteLedger(IEnumerable<(string Code, string State)> codes, int entries)
    {
        string folder = Path.Combine(_folder, "data", "line-1");
        Directory.CreateDirectory(folder);
        using var db = new SqliteConnection($"Data Source={Path.Combine(folder, "ledger.db")};Pooling=False");
        db.Open();
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "CREATE TABLE lease (codes INTEGER); INSERT INTO lease VALUES (2);"
            + "CREATE TABLE code (value TEXT, state TEXT); CREATE TABLE journal (seq INTEGER PRIMARY KEY, kind INTEGER);"
            + string.Concat(codes.Select(c => $"INSERT INTO code VALUES ('{c.Code}', '{c.State}');"))
            + string.Concat(Enumerable.Range(1, entries).Select(i => $"INSERT INTO journal VALUES ({i}, 4);"));
        command.ExecuteNonQuery();
    }

    private sealed class Nowhere : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
