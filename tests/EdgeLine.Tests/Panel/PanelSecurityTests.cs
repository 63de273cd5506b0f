using System.Net;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Panel;
using Microsoft.AspNetCore.Http;

namespace EdgeLine.Tests.Panel;

/// <summary>Which hosts and origins are ours.</summary>
public class PanelSecurityTests
{
    private static readonly PanelConfiguration Local = PanelConfiguration.Default;
    private static readonly PanelConfiguration Open = new() { Listen = IPEndPoint.Parse("0.0.0.0:8443"), Names = ["line-pc-3", "panel.plant.example"] };

    [Theory]
    [InlineData("localhost", true, true)]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("[::1]", true, true)]
    [InlineData("10.0.0.5", false, true)]
    [InlineData("10.0.0.6", false, false)]
    [InlineData("line-pc-3", false, true)]
    [InlineData("PANEL.plant.example", false, true)]
    [InlineData("evil.example", false, false)]
    [InlineData("localhost.evil.example", false, false)]
    [InlineData("", false, false)]
    public void A_host_that_is_not_ours_is_refused(string host, bool onThisPc, bool offThisPc)
    {
        Assert.Equal(onThisPc, PanelSecurity.IsOurHost(host, Local, IPAddress.Loopback));
        Assert.Equal(offThisPc, PanelSecurity.IsOurHost(host, Open, IPAddress.Parse("::ffff:10.0.0.5")));
    }

    [Fact]
    public void The_name_of_this_PC_is_ours_only_off_loopback()
    {
        Assert.True(PanelSecurity.IsOurHost(Environment.MachineName.ToUpperInvariant(), Open, IPAddress.Any));
        Assert.False(PanelSecurity.IsOurHost(Environment.MachineName, Local, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("POST", "https://10.0.0.5:8443", null, true)]
    [InlineData("POST", "http://10.0.0.5:8443", null, false)]
    [InlineData("POST", "https://10.0.0.5", null, false)]
    [InlineData("POST", "https://evil.example", null, false)]
    [InlineData("POST", "null", null, false)]
    [InlineData("POST", null, null, true)]
    [InlineData("POST", null, "same-origin", true)]
    [InlineData("POST", null, "same-site", false)]
    [InlineData("POST", null, "cross-site", false)]
    [InlineData("POST", "https://10.0.0.5:8443", "cross-site", false)]
    [InlineData("GET", null, "none", true)]
    [InlineData("GET", null, "cross-site", true)]
    [InlineData("GET", "https://evil.example", null, false)]
    public void A_foreign_origin_may_not_act(string method, string? origin, string? site, bool taken)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "https", new HostString("10.0.0.5", 8443));
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        Assert.Equal(taken, PanelSecurity.IsSameOrigin(request));
    }
}
