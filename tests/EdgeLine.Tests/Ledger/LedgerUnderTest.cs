using System.Collections.Concurrent;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Tests.Ledger;

/// <summary>A real ledger in a folder of its own, and what its file says to an independent reader.</summary>
internal sealed class LedgerUnderTest : IDisposable
{
    public const string LineId = "line-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<Exception> _fatal = new();
    private readonly ConcurrentQueue<CommittedEntries> _committed = new();
    private readonly SemaphoreSlim _news = new(0);
    private long _ticket;
    private static int _drawn = 1_000_000;

    public LedgerUnderTest()
    {
        Folder = Directory.CreateTempSubdirectory("edgeline-ledger-").FullName;
        Ledger = Open();
    }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "ledger.db");

    public string Mark => Path.Combine(Folder, "high-water.json");

    public LineLedger Ledger { get; private set; }

    public IReadOnlyCollection<Exception> Fatal => _fatal;

    public IReadOnlyList<CommittedEntries> Committed => [.. _committed];

    public ManualTime Time { get; } = new(Some.WallMs);

    public LineLedger Open(string lineId = LineId)
    {
        LineLedger ledger = LineLedger.Open(Folder, lineId, Time, e =>
        {
            _fatal.Enqueue(e);
            _news.Release();
        });
        ledger.Committed = group =>
        {
            group.ToList().ForEach(_committed.Enqueue);
            _news.Release();
        };
        return ledger;
    }

    public void Close() => Ledger.Dispose();

    public void Reopen()
    {
        Close();
        Ledger = Open();
    }

    /// <summary>Takes a lease of new codes and gives their rows.</summary>
    public async Task<IReadOnlyList<CodeRef>> LeaseAsync(string leaseId = "lease-1", int codes = 10, string order = "order-1")
    {
        List<CertificateCode> drawn = [.. Enumerable.Range(0, codes).Select(_ => Some.Code(Interlocked.Increment(ref _drawn)))];
        await Ledger.TakeLeaseAsync(Manifest(leaseId, codes, order), Jws(Manifest(leaseId, codes, order)), drawn);
        var rows = new List<CodeRef>();
        foreach (CertificateCode code in drawn)
        {
            rows.Add((await Ledger.AskAsync(db => LedgerQueries.Find(db, code)))!.Code);
        }

        return rows;
    }

    public static LeaseManifest Manifest(string leaseId, int codes, string order = "order-1") => new()
    {
        Version = 1,
        LeaseId = leaseId,
        ClientRef = "ref",
        LineId = LineId,
        LedgerId = Guid.Empty,
        Epoch = 1,
        OrderId = order,
        BatchId = "batch-1",
        BatchNumber = "B-0715",
        Product = "硅酸钙板",
        Specification = "2440×1220",
        Producer = "Kesiyi",
        Standard = "GB/T 34722-2017",
        ReportNumber = "R-1",
        UrlTemplate = "https://example.org/C/{code}",
        MayVerify = codes,
        Codes = codes,
        CodesSha256 = new string('0', 64),
        IssuedAtUnixMs = Some.WallMs,
        ExpiresAtUnixMs = Some.WallMs + 1_000_000,
    };

    public static string Jws(LeaseManifest manifest)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        return SignedManifest.Sign(manifest, key, "test");
    }

    /// <summary>Appends in one transaction and waits until it is told.</summary>
    public async Task<CommittedEntries> WriteAsync(params LineEntry[] entries)
    {
        long ticket = Append(entries);
        await UntilAsync(() => _committed.Any(c => c.Ticket == ticket) || !_fatal.IsEmpty);
        return _committed.First(c => c.Ticket == ticket);
    }

    public long Append(params LineEntry[] entries)
    {
        long ticket = Interlocked.Increment(ref _ticket);
        Ledger.Append(ticket, entries);
        return ticket;
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        using var stop = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await _news.WaitAsync(stop.Token);
        }
    }

    /// <summary>One run with something of everything; returns the rows.</summary>
    public async Task<IReadOnlyList<CodeRef>> FillAsync()
    {
        IReadOnlyList<CodeRef> codes = await LeaseAsync(codes: 12);
        await WriteAsync(Entry(JournalKind.RunStarted, count: 9) with { Who = "Li", Detail = RunDetail.Of(Some.Order(9)) });
        await WriteAsync([.. codes.Take(8).Select(Print)]);
        await WriteAsync(Move(codes[0], CodeState.Printing, JournalKind.Verified));
        await WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        await WriteAsync(
            Move(codes[1], CodeState.Printing, JournalKind.Rejected, "no-read"), Move(codes[2], CodeState.Printing, JournalKind.Verified, "slip") with { Count = 1 });
        await WriteAsync(Move(codes[3], CodeState.Printing, JournalKind.InDoubt, "printer-down"));
        await WriteAsync(Move(codes[2], CodeState.Verified, JournalKind.Rejected, "late"));
        await WriteAsync(Move(codes[1], CodeState.Rejected, JournalKind.Verified, "rework") with { Who = "Wang" });
        await WriteAsync(Entry(JournalKind.Intruder, "duplicate") with { Code = codes[0] }, Entry(JournalKind.Held, "duplicate", 1));
        await WriteAsync(Entry(JournalKind.Cleared, "duplicate", 2), Move(codes[4], CodeState.Printing, JournalKind.Void, "line-clearance"));
        return codes;
    }

    public static LineEntry Entry(JournalKind kind, string reason = "", long count = 0) => new(kind, reason) { RunId = "run-1", Count = count };

    public static LineEntry Print(CodeRef code) => Move(code, CodeState.Available, JournalKind.Print);

    public static LineEntry Move(CodeRef code, CodeState from, JournalKind kind, string reason = "") => Entry(kind, reason) with { Code = code, From = from };

    /// <summary>Works on the closed file by hand, without EdgeLine's code.</summary>
    public string? ByHand(string sql)
    {
        using var db = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=1");
        db.Open();
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Ledger.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A clock that a test moves.</summary>
internal sealed class ManualTime(long wallMs) : TimeProvider
{
    public long WallMs { get; set; } = wallMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(WallMs);
}
