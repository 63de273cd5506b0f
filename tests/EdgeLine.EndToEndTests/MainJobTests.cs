using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

public sealed class MainJobTests(ITestOutputHelper output)
{
    [Fact(Timeout = 120_000)]
    public async Task A_code_walks_from_the_lease_to_a_valid_certificate()
    {
        await using var line = new ConveyorLine();
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(quantity: 20);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.PictureAsync("line-1", p => p is { Printer.State: "up", Scanner.State: "up", Gate.State: "up" }, "devices up");

        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot end = await site.PictureAsync("line-1", p => p is { State: PackMlState.Complete } && p.ConfirmedSeq == p.AsOfSeq, "run complete and confirmed");

        Assert.Equal(20, end.Account.Verified);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(20, end.PlatformConfirmed);
        Assert.Equal(20, line.Belt.Shipped.Codes.Count);
        string url = line.Belt.Shipped.Codes.First().Key;
        string certificate = await site.CertificateAsync(CertificateCode.Parse(url[^16..]));
        Assert.Contains("active", certificate, StringComparison.Ordinal);
    }
}
