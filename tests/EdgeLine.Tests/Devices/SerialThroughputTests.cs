using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Devices.Support;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Devices;

/// <summary>
/// The driver with a shipped profile and a shipped label on a wire of a real speed: what the wire carried for labels against
/// what it could have carried in the same time, in one run, with all the questions that the profile asks.
/// </summary>
public sealed class SerialThroughputTests(ITestOutputHelper output)
{
    private const double Nearly = 0.95;
    private const int Attempts = 3;

    [Theory(Timeout = 60_000)]
    [InlineData("zebra-zt411-203dpi", 9600, 8)]
    public Task Questions_take_next_to_nothing_of_the_wire(string model, int baud, int labels) => MeasureAsync(model, baud, labels);

    // A PC that is busy with something else for half a second shows here, so not among the tests of every change, and more
    // than once before it counts.
    [Theory(Timeout = 120_000)]
    [Trait("tier", "full")]
    [InlineData("zebra-zt411-203dpi", 9600, 16)]
    [InlineData("zebra-zt411-203dpi", 115200, 60)]
    public async Task Labels_get_nearly_all_of_the_wire(string model, int baud, int labels)
    {
        double best = 0;
        for (int attempt = 0; attempt < Attempts && best < Nearly; attempt++)
        {
            best = Math.Max(best, await MeasureAsync(model, baud, labels));
        }

        Assert.InRange(best, Nearly, 1.001);
    }

    private async Task<double> MeasureAsync(string model, int baud, int labels)
    {
        PrinterProfile profile = Profile(model);
        ZplLabel label = Label(profile);
        using SemaphoreSlim room = new(profile.Format.SendAhead);
        await using VirtualPrinter device = new(new Floor(TimeProvider.System), PrinterTraits.Of(model)) { LabelOut = _ => room.Release() };
        EventLog<PrinterReport> reports = new();
        LabelPrinter printer = new(
            profile, SomeDevice.At(SomeDevice.Serial(device.OpenSerial(baud: baud).Path, $"{baud} 8N1")), reports.Add, TimeProvider.System);
        using CancellationTokenSource stop = new();
        Task running = printer.RunAsync(stop.Token);
        await reports.WaitForAsync(r => r.IsReady);

        long asked = device.BytesReceived;
        long start = TimeProvider.System.GetTimestamp();
        long labelBytes = 0;
        for (int i = 0; i < labels; i++)
        {
            Assert.True(await room.WaitAsync(Within.Deadline));
            CertificateCode code = CertificateCode.Draw();
            byte[] format = label.Compose(CodeCarrier.ShortUrl("c.example.cn").UrlOf(code), code.Grouped);
            labelBytes += format.Length;
            Assert.Equal(SendOutcome.Written.Value, await printer.SendAsync(format, CancellationToken.None));
        }

        for (int i = 0; i < profile.Format.SendAhead; i++)
        {
            Assert.True(await room.WaitAsync(Within.Deadline));
        }

        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        double possible = seconds * baud / 10;
        long questions = device.BytesReceived - asked - labelBytes;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{baud} baud: {labels} labels of {labelBytes / labels} bytes in {seconds:0.000} s, {labels / seconds:0.00} a second; limit {possible / labelBytes * labels / seconds:0.00}; ratio {labelBytes / possible:0.0000}; for questions {questions} bytes"));
        await stop.CancelAsync();
        await running;
        Assert.Equal(labels, device.Tape.Count);
        Assert.Single(reports.All, r => r.IsReady);
        Assert.InRange(questions, 1, possible * 0.04);
        return labelBytes / possible;
    }

    private static PrinterProfile Profile(string name)
    {
        List<SettingsProblem> problems = [];
        return new ProfileFolder(SiteFolder.Profiles).Printer(name, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    private static ZplLabel Label(PrinterProfile profile)
    {
        string file = Path.Combine(SiteFolder.Repository, "config", "labels", "board-60x40.zpl");
        Assert.True(ZplTemplate.TryCompile(file, File.ReadAllText(file), profile, out ZplTemplate? template, out IReadOnlyList<LabelProblem>? wrong), string.Join('\n', wrong ?? []));
        Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "GB/T 34722-2017");
        Assert.True(template.TryBind(run, CodeCarrier.ShortUrl("c.example.cn").UrlOf(CertificateCode.Draw()), out ZplLabel? label, out wrong), string.Join('\n', wrong ?? []));
        return label;
    }
}
