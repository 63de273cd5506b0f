using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.CrashLine;

/// <summary>
/// A conveyor line without a service around it. It tells its far ends, one line of text each: <c>ready ITEM DOUBT SEQ</c>
/// (last item, codes that a crash left as printing, last entry), <c>label URL</c>, <c>pass ITEM</c>, <c>reject ITEM</c>. They
/// answer <c>read URL</c> or <c>noread</c> for each item that comes to the scanner. What needs a person is done at once.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class CrashLine
{
    private const string Order = "order-1";
    private const int LeaseCodes = 3_000;

    private readonly Stream _farEnds;
    private readonly LineLedger _ledger;
    private readonly LineLoop _loop;
    private volatile LineSnapshot? _now;
    private int _asked;

    private CrashLine(Stream farEnds, LineLedger ledger)
    {
        (_farEnds, _ledger) = (farEnds, ledger);
        // Nobody listens there: a line that is offline goes on with the codes it has.
        var platform = new PlatformClient(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:9/") }, "line-1", "no-token");
        var settings = new LineSettings
        {
            Station = Station.Conveyor,
            SendAhead = 2,
            LabelsToScanner = 4,
            VerdictWithinMs = 60_000,
            RunOutMs = 1,
            BadReadsInRow = 1_000,
            BadReadBucket = 1_000,
        };
        _loop = new LineLoop(
            new LinePicture("line-1", "", Station.Conveyor, TimeProvider.System, Look),
            settings,
            ledger,
            new CodeSupply("line-1", ledger, platform, "no-key", LeaseCodes, TimeProvider.System, NullLogger.Instance),
            new JournalUploader("line-1", ledger, platform, TimeProvider.System, NullLogger.Instance),
            Outputs(),
            TimeProvider.System,
            NullLogger.Instance);
    }

    /// <summary>Runs until the far ends hang up, or the disk fails: then it ends with 1, as the service does.</summary>
    public static async Task RunAsync(string folder, Stream farEnds, bool normalSync)
    {
        using LineLedger ledger = LineLedger.Open(folder, "line-1", TimeProvider.System, Die);
        if (normalSync)
        {
            Weaken(ledger);
        }

        await LendAsync(ledger);
        await new CrashLine(farEnds, ledger).RunAsync();
    }

    private async Task RunAsync()
    {
        int doubtful = (await _ledger.AskAsync(LedgerQueries.OpenCodes)).Count(c => c.State == CodeState.Printing);
        Tell($"ready {_ledger.Memory.LastItem} {doubtful} {_ledger.FoldAtOpen.AsOfSeq}");
        _ = _loop.RunAsync(CancellationToken.None).ContinueWith(ended => Die(ended.Exception!), TaskScheduler.Default);
        foreach (LineEvent e in (LineEvent[])[new LineEvent.ScannerUp(), new LineEvent.GateUp(), new LineEvent.PrinterReady(1)])
        {
            await _loop.PostAsync(e);
        }

        long item = _ledger.Memory.LastItem;
        using var heard = new StreamReader(_farEnds);
        while (await heard.ReadLineAsync() is { } text)
        {
            if (text.Split(' ') is ["read", var url])
            {
                await _loop.PostFrameAsync(++item, [url]);
            }
            else
            {
                await _loop.PostAsync(new LineEvent.NoRead(++item));
            }
        }
    }

    private LineOutputs Outputs() => new()
    {
        PrepareLabel = _ => "",
        Send = code =>
        {
            Tell($"label https://c.example.cn/C/{code.Code.Value}");
            return ValueTask.FromResult(SendResult.Written);
        },
        FeedBlanks = _ => { },
        Verdict = (item, pass) => Tell($"{(pass ? "pass" : "reject")} {item}"),
        StopRequest = _ => { },
        Lamp = _ => { },
        Resync = () => { },
        RunEnded = () => { },
        PrinterCancel = () => { },
    };

    private void Tell(string text)
    {
        try
        {
            lock (_farEnds)
            {
                _farEnds.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
            }
        }
        catch (IOException)
        {
            Environment.Exit(0); // the far ends hung up
        }
    }

    // The person at the line: takes all labels off it, lets it go on, starts the next run.
    private void Look(LineSnapshot now)
    {
        _now = now;
        Func<long, LineEvent.Command>? wish =
            now.Actions.Contains("resume") ? id => new LineEvent.Resume(id, "Li")
            : now.Actions.Contains("clearance") && (now.Run is null || now.State == PackMlState.Held) ? id => new LineEvent.ClearanceDone(id, "Li", 0, "cleared")
            : now.Actions.Contains("start") ? id => new LineEvent.Start(id, "Li", NewRun())
            : null;
        if (wish is not null && Interlocked.Exchange(ref _asked, 1) == 0)
        {
            _ = ActAsync(wish);
        }
    }

    private async Task ActAsync(Func<long, LineEvent.Command> wish)
    {
        await Task.Yield(); // the loop that shows the picture must not wait for itself
        await _loop.CommandAsync(wish);
        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        Volatile.Write(ref _asked, 0);
        Look(_now!); // what changed meanwhile
    }

    private static RunOrder NewRun() => new(Guid.NewGuid().ToString("N")[..12], Order, "batch-1", "B-1", "P", 10_000_000);

    // More codes whenever few are left, as a platform would lend them.
    private static async Task LendAsync(LineLedger ledger)
    {
        long left = await ledger.AskAsync(db => long.Parse(LedgerFile.Scalar(db, "SELECT count(*) FROM code WHERE state = 'available'")!, CultureInfo.InvariantCulture));
        if (left > LeaseCodes / 2)
        {
            return;
        }

        CertificateCode[] codes = [.. Enumerable.Range(0, LeaseCodes).Select(_ => CertificateCode.Draw(CertificateCode.LivePool))];
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var manifest = new LeaseManifest
        {
            Version = 1,
            LeaseId = Guid.NewGuid().ToString("N"),
            ClientRef = "ref",
            LineId = "line-1",
            LedgerId = ledger.LedgerId,
            Epoch = ledger.Epoch,
            OrderId = Order,
            BatchId = "batch-1",
            BatchNumber = "B-1",
            Product = "P",
            Specification = "S",
            Producer = "P",
            Standard = "S",
            ReportNumber = "R",
            UrlTemplate = "https://c.example.cn/C/{code}",
            MayVerify = LeaseCodes,
            Codes = LeaseCodes,
            CodesSha256 = LeaseManifest.Sha256Of(LeaseManifest.CodeFile(codes)),
            IssuedAtUnixMs = now,
            ExpiresAtUnixMs = now + 86_400_000,
        };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await ledger.TakeLeaseAsync(manifest, SignedManifest.Sign(manifest, key, "k"), codes);
    }

    // The product has no way to do this, on purpose: a ledger that is not fully synchronous is refused when it is opened.
    private static void Weaken(LineLedger ledger)
    {
        var connection = (SqliteConnection)typeof(LineLedger).GetField("_connection", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(ledger)!;
        LedgerFile.Scalar(connection, "PRAGMA synchronous=NORMAL");
        if (LedgerFile.Scalar(connection, "PRAGMA synchronous") != "1")
        {
            throw new InvalidOperationException("The control could not be made wrong.");
        }
    }

    private static void Die(Exception e)
    {
        Console.Error.WriteLine(e);
        Environment.Exit(1);
    }
}
