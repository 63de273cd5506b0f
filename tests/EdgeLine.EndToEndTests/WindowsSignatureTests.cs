using System.Buffers.Text;
using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;

namespace EdgeLine.EndToEndTests;

/// <summary>The platform's signature, checked by the primitives of Windows under Wine.</summary>
public sealed class WindowsSignatureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-key-").FullName;
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

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [WineFact(Timeout = 300_000)]
    [Trait("tier", "full")]
    public async Task What_the_platform_signed_is_taken_and_every_change_is_found()
    {
        await using WindowsPublish windows = await WindowsPublish.MakeAsync("tests/EdgeLine.ComPorts", "edgeline-com-ports");
        await using LedProgram program = windows.Lead();
        string compact = SignedManifest.Sign(Some, _key, "k1");
        string good = File("good.pem", _key);
        async Task<string> Answer(string keyFile, string text)
        {
            program.Say($"manifest|{keyFile}|{text}");
            return (await program.HearAsync("manifest|"))[9..];
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Some.LeaseId, await Answer(good, SignedManifest.Sign(Some, _key, $"k{i}")));
        }

        // The last character carries bits that no byte has.
        for (int i = 0; i < compact.Length - 1; i++)
        {
            string changed = compact[..i] + (compact[i] == 'A' ? 'B' : 'A') + compact[(i + 1)..];
            Assert.StartsWith("manifest-", await Answer(good, changed), StringComparison.Ordinal);
        }

        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("manifest-tampered", await Answer(File("other.pem", other), compact));
        string unsigned = compact[..(compact.LastIndexOf('.') + 1)];
        Assert.Equal("manifest-unsigned", await Answer(good, unsigned));
        foreach (byte[] signature in new[] { new byte[64], new byte[63], new byte[65], [.. Enumerable.Repeat((byte)0xFF, 64)], new byte[1] })
        {
            Assert.Equal("manifest-tampered", await Answer(good, unsigned + Base64Url.EncodeToString(signature)));
        }

        using ECDsa wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.StartsWith("no key", await Answer(File("wide.pem", wide), compact), StringComparison.Ordinal);
        Assert.Equal(0, await program.EndAsync());
    }

    private string File(string name, ECDsa key)
    {
        string file = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(file, key.ExportSubjectPublicKeyInfoPem());
        return file;
    }
}
