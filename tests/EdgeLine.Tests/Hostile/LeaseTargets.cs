using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>What comes with a lease and what goes with the journal: manifest, code file, leaves.</summary>
internal static class LeaseTargets
{
    private static readonly Guid LedgerId = Guid.Parse("5c5d0a52-7a1f-4a55-9a55-0d7e7c3b2f10");
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly LeaseExpectation Expected = new("line-1", LedgerId, 1, "order-1", "ref-1");
    private static readonly byte[] CodeFile = LeaseManifest.CodeFile(Enumerable.Range(1, 20).Select(n => Some.Code(n)));

    private static readonly LeaseManifest Good = new()
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
        MayVerify = 18,
        Codes = 20,
        CodesSha256 = LeaseManifest.Sha256Of(CodeFile),
        IssuedAtUnixMs = Some.WallMs,
        ExpiresAtUnixMs = Some.WallMs + 1,
    };

    private static readonly string Compact = SignedManifest.Sign(Good, Key, "k");

    private static readonly byte[][] Leaves =
    [
        .. new[] { JournalKind.LedgerOpened, JournalKind.Print, JournalKind.Verified, JournalKind.RunStarted }.Select((kind, n) => JournalLeaf.Encode(new JournalEntry
        {
            Seq = n + 1,
            LedgerId = LedgerId,
            Epoch = 1,
            Previous = JournalEntry.Genesis,
            Kind = kind,
            AtUnixMs = Some.WallMs,
            Code = n is 1 or 2 ? Some.Code(n).Value : "",
            LeaseId = "lease-1",
            RunId = "run-1",
            Item = n,
            Count = 0,
            Reason = "",
            Who = "Li",
            Detail = "硅酸钙板",
        })),
    ];

    public static HostileTarget[] All { get; } =
    [
        new()
        {
            Name = "manifest",
            Corpus = [Encoding.ASCII.GetBytes(Compact)],
            Words = [".", "..", "=", "-", "_", " ", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"],
            Read = (input, _) => ReadManifest(Encoding.Latin1.GetString(input)),
            FullCount = 500_000,
        },
        new()
        {
            Name = "code-file",
            Corpus = [CodeFile],
            Words = ["\n", "\r\n", "\0", Some.Code(3).Value + "\n", Some.Code(99).Value + "\n", Some.Code(98, CertificateCode.TestPool).Value + "\n"],
            Read = ReadCodes,
        },
        new()
        {
            Name = "journal-leaf",
            Corpus = Leaves,
            Words = ["\x45\x4C\x4A\x01", "\x00\x00", "\xFF\xFF", "\x01\x90", "\xC0\xAF"],
            Read = ReadLeaf,
        },
        new()
        {
            Name = "journal-upload",
            Corpus = [JournalUpload.Join(Leaves), JournalUpload.Join([Leaves[0]])],
            Words = ["\x00\x00\x00\x01", "\xFF\xFF\xFF\xFF", "\x7F\xFF\xFF\xFF", "\x00\x00\x10\x00"],
            Read = ReadUpload,
        },
    ];

    /// <summary>A platform that signs nonsense. Each input is signed, which takes its time.</summary>
    public static HostileTarget SignedAgain { get; } = new()
    {
        Name = "manifest-signed-again",
        Corpus = [Base64Url.DecodeFromChars(Compact.Split('.')[1])],
        Words = ["{", "}", "\"", "\\uD800", "null", "[", "]", ":", ",", "\"codes\":", "\"mayVerify\":", "{code}"],
        Read = ReadSigned,
        FullCount = 300_000,
    };

    private static bool ReadManifest(string compact)
    {
        try
        {
            HostileTarget.Demand(SignedManifest.Verify(compact, Key) == Good, "another manifest passed for the signed one");
            return true;
        }
        catch (ManifestRefusedException)
        {
            return false;
        }
    }

    // A platform that signs nonsense: behind a good signature every member is still judged.
    private static bool ReadSigned(byte[] body, SeededRandom random)
    {
        string head = Base64Url.EncodeToString("""{"alg":"ES256","kid":"k"}"""u8);
        string text = $"{head}.{Base64Url.EncodeToString(body)}";
        byte[] signature = Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        try
        {
            LeaseManifest manifest = SignedManifest.Verify($"{text}.{Base64Url.EncodeToString(signature)}", Key);
            LeaseIntake.Check(manifest, CodeFile, Expected, Some.WallMs);
            // What a label says must be there.
            HostileTarget.Demand(
                manifest is { LeaseId: not null, BatchId: not null, BatchNumber: not null, Product: not null, Specification: not null, Producer: not null }
                    && manifest is { Standard: not null, ReportNumber: not null },
                "a manifest without a text was taken");
            HostileTarget.Demand(manifest.ExpiresAtUnixMs < LeaseManifest.EndOfTimeUnixMs, "a lease without an end was taken");
            return true;
        }
        catch (ManifestRefusedException)
        {
            return false;
        }
    }

    private static bool ReadCodes(byte[] file, SeededRandom random)
    {
        int codes = file.Length / LeaseManifest.BytesPerCode;
        LeaseManifest manifest = Good with { Codes = codes, MayVerify = Math.Max(1, codes - 2), CodesSha256 = LeaseManifest.Sha256Of(file) };
        try
        {
            IReadOnlyList<CertificateCode> taken = LeaseIntake.Check(manifest, file, Expected, Some.WallMs);
            HostileTarget.Demand(LeaseManifest.CodeFile(taken).AsSpan().SequenceEqual(file), "other codes than in the file");
            HostileTarget.Demand(taken.Distinct().Count() == taken.Count, "a code twice");
            return true;
        }
        catch (ManifestRefusedException)
        {
            return false;
        }
    }

    private static bool ReadLeaf(byte[] input, SeededRandom random)
    {
        try
        {
            JournalEntry entry = JournalLeaf.Decode(input);
            HostileTarget.Demand(JournalLeaf.Encode(entry).AsSpan().SequenceEqual(input), "two leaves for one entry");
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool ReadUpload(byte[] input, SeededRandom random)
    {
        try
        {
            HostileTarget.Demand(JournalUpload.Join([.. JournalUpload.Split(input)]).AsSpan().SequenceEqual(input), "two bodies for one upload");
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
