using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Service.Operations;

/// <summary>A client of our own service on this PC, wherever the page listens.</summary>
internal static class PanelClient
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>The client; with TLS it trusts exactly the configured certificate, whatever name stands in it.</summary>
    public static HttpClient Of(PanelConfiguration panel)
    {
        IPAddress address = panel.Listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : panel.Listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : panel.Listen.Address;
        var at = new IPEndPoint(address, panel.Listen.Port);
        if (!panel.IsTls)
        {
            return new HttpClient { BaseAddress = new Uri($"http://{at}/"), Timeout = AnswerWithin };
        }

        string ours = X509Certificate2.CreateFromPem(File.ReadAllText(panel.CertificateFile!)).Thumbprint;
        return new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == ours,
        })
        {
            BaseAddress = new Uri($"https://{at}/"),
            Timeout = AnswerWithin,
        };
    }
}
