using System.Net;
using System.Text;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Ports;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A Zebra printer tells how it is at a port of its own, which the site may name; without it <c>~HS</c> is asked.</summary>
public sealed class StatusPortTests(ITestOutputHelper output)
{
    private const string Line = "line-1";

    [Fact(Timeout = 180_000)]
    public async Task Status_comes_over_the_port_that_the_site_names_and_by_HS_when_it_is_closed()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using Site site = Site.New(output);
        var heard = new StringBuilder();
        line.Printer.Heard = bytes => Hear(heard, bytes);
        TcpPort status = line.Printer.ListenForStatus(new IPEndPoint(IPAddress.Loopback, 0));
        line.Config["printer"]!["statusPort"] = status.EndPoint.Port;
        line.Config["itemsPerMinute"] = 300;
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(60);
        site.WriteConfig();

        await DoctorSaysAsync(site, $"12 dots/mm, asked by JSON at port {status.EndPoint.Port}");
        status.Cut(off: true);
        await DoctorSaysAsync(site, $"12 dots/mm, asked by ~HS, as port {status.EndPoint.Port} takes nobody");
        status.SwitchOn();

        Take(heard);
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        await site.MustActAsync(Line, "start", new { who = "anna" });
        await site.PictureAsync(Line, p => p.Account.Verified >= 5, "runs");
        string json = Take(heard);
        Assert.Contains("\"zpl.system_status\":null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("~HS", json, StringComparison.Ordinal);

        // In the middle of the run the port is gone: the line is told, and goes on by ~HS when a person says so.
        status.Cut(off: true);
        await site.PictureAsync(Line, p => p.Printer.State != "up" || p.State == PackMlState.Held, "the connection is lost");
        Take(heard);
        LineSnapshot end = await site.SettledAsync(Line, site.Staff(Line, line.Belt));

        Assert.Equal((PackMlState.Complete, 60, "up"), (end.State, end.Account.Verified, end.Printer.State));
        string hosts = Take(heard);
        Assert.Contains("~HS", hosts, StringComparison.Ordinal);
        Assert.DoesNotContain("zpl.system_status", hosts, StringComparison.Ordinal);
        Assert.Empty(line.Printer.Tape.Twins);
    }

    private static async Task DoctorSaysAsync(Site site, string words)
    {
        (_, string said) = await RunningProgram.RunAsync("edgeline", "doctor", "--config", site.ConfigFile);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    private static void Hear(StringBuilder heard, ReadOnlyMemory<byte> bytes)
    {
        lock (heard)
        {
            heard.Append(Encoding.Latin1.GetString(bytes.Span));
        }
    }

    private static string Take(StringBuilder heard)
    {
        lock (heard)
        {
            string all = heard.ToString();
            heard.Clear();
            return all;
        }
    }
}
