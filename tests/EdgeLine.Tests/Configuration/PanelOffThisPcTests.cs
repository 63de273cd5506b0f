using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>What is open to the network needs TLS and people, both of them and both sound.</summary>
public sealed class PanelOffThisPcTests : IDisposable
{
    private const string People = "\"people\": {\n    \"file\": \"people.json\",\n  },";
    private const string Tls = "\"certificateFile\": \"panel.crt\", \"keyFile\": \"panel.key\",";

    private readonly SiteFolder _site = new();

    public PanelOffThisPcTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=line-pc", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        _site.Write("panel.crt", certificate.ExportCertificatePem());
        _site.Secret("panel.key", key.ExportPkcs8PrivateKeyPem());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _site.Secret("other.key", other.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("0.0.0.0:8443")]
    [InlineData("10.0.0.5:8443")]
    [InlineData("[::]:8443")]
    public void With_TLS_and_people_any_address_is_sound(string listen)
    {
        ConfigurationResult result = Load(listen, Tls);
        Assert.Empty(result.Problems);
        Assert.True(result.Panel.IsTls);
        Assert.False(result.Panel.IsLocal);
        Assert.Equal(_site["people.json"], result.People!.File);
    }

    [Fact]
    public void Without_people_it_is_refused_also_with_TLS()
    {
        _site.Edit(People, "");
        SettingsProblem problem = Assert.Single(Load("0.0.0.0:8443", Tls).Problems);
        Assert.Equal(("panel.listen", "\"0.0.0.0:8443\"", _site.LineOf("0.0.0.0")), (problem.Key, problem.Value, problem.Line));
        Assert.Contains("without sign-in", problem.What, StringComparison.Ordinal);
        Assert.Contains("add the section people", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"certificateFile\": null, \"keyFile\": null,")]
    public void Without_TLS_it_is_refused_also_with_people(string tls)
    {
        ConfigurationResult result = Load("0.0.0.0:8443", tls);
        SettingsProblem problem = Assert.Single(result.Problems);
        Assert.Equal("panel.listen", problem.Key);
        Assert.Contains("without TLS", problem.What, StringComparison.Ordinal);
        // Whoever has to mend it sees the page on this PC and nowhere else.
        Assert.Null(result.Site);
        Assert.True(result.Panel.IsLocal);
    }

    [Fact]
    public void With_a_people_file_that_is_wrong_it_listens_on_this_PC_only()
    {
        _site.Write("people.json", "{ \"schemaVersion\": 1, \"badgeSalt\": \"AAAAAAAAAAAAAAAAAAAAAA==\", \"people\": [] }");
        ConfigurationResult result = Load("0.0.0.0:8443", Tls);
        Assert.Contains(result.Problems, p => p.Key == "people.file" && p.What == "nobody is in it");
        Assert.Contains(result.Problems, p => p.Key == "panel.listen");
        Assert.True(result.Panel.IsLocal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        SettingsProblem problem = Assert.Single(Load("0.0.0.0:8443", Tls.Replace("panel.key", "other.key", StringComparison.Ordinal)).Problems);
        Assert.Equal("panel.keyFile", problem.Key);
        Assert.Contains("not the key of the certificate", problem.What, StringComparison.Ordinal);
    }

    private ConfigurationResult Load(string listen, string tls) =>
        _site.Edit("\"listen\": \"127.0.0.1:8088\",", $"\"listen\": \"{listen}\", {tls}").Load();
}
