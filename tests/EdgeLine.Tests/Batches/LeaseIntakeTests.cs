using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Batches;

/// <summary>A lease is judged before one code of it is stored; each refusal has its own key.</summary>
public sealed class LeaseIntakeTests
{
    private static readonly Guid LedgerId = Guid.Parse("5c5d0a52-7a1f-4a55-9a55-0d7e7c3b2f10");
    private static readonly CertificateCode[] Codes = [.. Enumerable.Range(1, 5).Select(n => Some.Code(n))];
    private static readonly byte[] GoodFile = LeaseManifest.CodeFile(Codes);
    private static readonly LeaseExpectation Expected = new("line-1", LedgerId, 1, "order-1", "ref-1");

    private static LeaseManifest Good => new()
    {
        Version = 1,
        LeaseId = "lease-1",
        ClientRef = "ref-1",
        LineId = "line-1",
        LedgerId = LedgerId,
        Epoch = 1,
        OrderId = "order-1",
        BatchId = "batch-1",
        BatchNumber = "B-0715",
        Product = "硅酸钙板",
        Specification = "2440×1220",
        Producer = "Kesiyi",
        Standard = "GB/T 34722-2017",
        ReportNumber = "R-1",
        UrlTemplate = "https://example.org/C/{code}",
        MayVerify = 4,
        Codes = 5,
        CodesSha256 = LeaseManifest.Sha256Of(GoodFile),
        IssuedAtUnixMs = Some.WallMs,
        ExpiresAtUnixMs = Some.WallMs + 1,
    };

    [Fact]
    public void A_good_lease_gives_its_codes_in_their_order()
    {
        Assert.Equal(Codes, LeaseIntake.Check(Good, GoodFile, Expected, Some.WallMs));
    }

    public static TheoryData<string, LeaseManifest> Wrong => new()
    {
        { "manifest-version", Good with { Version = 2 } },
        { "manifest-not-ours", Good with { LineId = "line-2" } },
        { "manifest-not-ours", Good with { LedgerId = Guid.Empty } },
        { "manifest-epoch", Good with { Epoch = 2 } },
        { "manifest-not-ours", Good with { OrderId = "order-2" } },
        { "manifest-replayed", Good with { ClientRef = "ref-0" } },
        { "lease-expired", Good with { ExpiresAtUnixMs = Some.WallMs } },
        { "manifest-counts", Good with { MayVerify = 0 } },
        { "manifest-counts", Good with { MayVerify = 6 } },
        { "manifest-counts", Good with { Codes = -1, MayVerify = -1 } },
        { "code-count", Good with { Codes = 6 } },
        { "code-count", Good with { Codes = int.MaxValue } },
        { "code-file-hash", Good with { CodesSha256 = new string('0', 64) } },
        { "manifest-url", Good with { UrlTemplate = "https://example.org/C/" } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_wrong_field_has_its_key(string key, LeaseManifest manifest)
    {
        Assert.Equal(key, Refused(manifest, GoodFile));
    }

    [Fact]
    public void A_code_file_with_one_wrong_line_is_refused_whole()
    {
        byte[] small = [.. GoodFile];
        small[^2] ^= 0x01;
        Assert.Equal("code-invalid", Refused(small));

        byte[] noLineEnd = [.. GoodFile];
        noLineEnd[16] = (byte)' ';
        Assert.Equal("code-invalid", Refused(noLineEnd));

        Assert.Equal("code-invalid", Refused(LeaseManifest.CodeFile([.. Codes[..4], Some.Code(9, CertificateCode.TestPool)])));
        Assert.Equal("code-twice", Refused(LeaseManifest.CodeFile([.. Codes[..4], Codes[0]])));
        Assert.Equal("code-invalid", Refused([.. GoodFile[..^1], 0xFF]));
    }

    private static string Refused(byte[] file) => Refused(Good with { CodesSha256 = LeaseManifest.Sha256Of(file) }, file);

    private static string Refused(LeaseManifest manifest, byte[] file) =>
        Assert.Throws<ManifestRefusedException>(() => LeaseIntake.Check(manifest, file, Expected, Some.WallMs)).Key;
}
