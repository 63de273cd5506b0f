using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Contracts;

public sealed class SignedManifestTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static LeaseManifest Some => new()
    {
        Version = 1,
        LeaseId = "lease-1",
        ClientRef = "ref-1",
        LineId = "line-1",
        LedgerId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Epoch = 1,
        OrderId = "order-1",
        BatchId = "batch-1",
        BatchNumber = "XMB-01",
        Product = "难燃细木工板",
        Specification = "17 mm",
        Producer = "湖南示例木业有限公司",
        Standard = "GB/T 34722-2017",
        ReportNumber = "HNZJ-1",
        UrlTemplate = "https://hgz.example/C/{code}",
        MayVerify = 100,
        Codes = 120,
        CodesSha256 = new string('0', 64),
        IssuedAtUnixMs = 1,
        ExpiresAtUnixMs = 2,
    };

    public void Dispose() => _key.Dispose();

    [Fact]
    public void What_was_signed_is_read_back_whole() =>
        Assert.Equal(Some, SignedManifest.Verify(SignedManifest.Sign(Some, _key, "k1"), _key));

    [Fact]
    public void A_change_of_any_character_is_found()
    {
        string compact = SignedManifest.Sign(Some, _key, "k1");
        for (int i = 0; i < compact.Length - 1; i++)
        {
            char other = compact[i] == 'A' ? 'B' : 'A';
            string changed = compact[..i] + other + compact[(i + 1)..];
            var refused = Assert.Throws<ManifestRefusedException>(() => SignedManifest.Verify(changed, _key));
            Assert.StartsWith("manifest-", refused.Key, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_key_does_not_fit()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refused = Assert.Throws<ManifestRefusedException>(() => SignedManifest.Verify(SignedManifest.Sign(Some, _key, "k1"), other));
        Assert.Equal("manifest-tampered", refused.Key);
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1"}""")]
    public void A_document_does_not_choose_how_it_is_checked(string header)
    {
        string[] parts = SignedManifest.Sign(Some, _key, "k1").Split('.');
        string compact = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{parts[1]}.{parts[2]}";
        var refused = Assert.Throws<ManifestRefusedException>(() => SignedManifest.Verify(compact, _key));
        Assert.Equal("manifest-unsigned", refused.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.")]
    [InlineData("a.b.c.d")]
    public void A_manifest_without_signature_is_refused_as_unsigned(string compact)
    {
        var refused = Assert.Throws<ManifestRefusedException>(() => SignedManifest.Verify(compact, _key));
        Assert.Equal("manifest-unsigned", refused.Key);
    }

    [Fact]
    public void The_code_file_has_seventeen_bytes_a_code_and_a_known_hash()
    {
        byte[] file = LeaseManifest.CodeFile([CertificateCode.Parse("H7K2M9XR4TC8WQ59"), CertificateCode.Parse("0000000000000000")]);
        Assert.Equal("H7K2M9XR4TC8WQ59\n0000000000000000\n", Encoding.ASCII.GetString(file));
        Assert.Equal(2 * LeaseManifest.BytesPerCode, file.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), LeaseManifest.Sha256Of(file));
    }
}
