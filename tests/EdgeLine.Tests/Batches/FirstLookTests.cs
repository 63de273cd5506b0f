using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Tests.Ledger;
using EdgeLine.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;
using Within = EdgeLine.Tests.Devices.Support.Within;

namespace EdgeLine.Tests.Batches;

/// <summary>What a start waits for before its first label: the platform's word on this ledger, or that nobody can be asked.</summary>
public sealed class FirstLookTests : IAsyncLifetime, IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _first = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private PlatformUnderTest _platform = null!;
    private HttpClient _http = null!;

    private string TokenFile => Path.Combine(_first.Folder, "token");

    public async Task InitializeAsync()
    {
        _platform = await PlatformUnderTest.StartAsync();
        _http = new HttpClient { BaseAddress = _platform.Url };
        await File.WriteAllTextAsync(TokenFile, _platform.TokenOf(LineId));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ContinueWith(_ => { }, TaskScheduler.Default);
        await _platform.DisposeAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _first.Dispose();
        _stop.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_copy_of_a_ledger_that_went_on_is_locked_by_then_and_the_first_one_is_not()
    {
        using LedgerUnderTest copy = await ForkAsync();
        List<UploadNews> news = await LookAsync(copy.Ledger);
        Assert.StartsWith("journal-fork", Assert.Single(news.OfType<UploadNews.Locked>()).Detail, StringComparison.Ordinal);
        // The copy locked itself by looking. It has not spoken, so the first one still gets codes.
        (await _platform.Post(LineId, $"/api/v1/orders/{_platform.Work[LineId].OrderId}/leases",
            new LeaseRequest(LineId, _first.Ledger.LedgerId, 1, 5, "next"), ("Idempotency-Key", "next"))).Ok(201);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_start_without_the_platform_remembers_that_it_refused_this_ledger()
    {
        using LedgerUnderTest copy = await ForkAsync();
        string said = Assert.Single((await LookAsync(copy.Ledger)).OfType<UploadNews.Locked>()).Detail;

        await _platform.StopAsync();
        copy.Reopen();
        List<UploadNews> news = await LookAsync(copy.Ledger);
        Assert.Equal(said, Assert.IsType<UploadNews.Locked>(news[0]).Detail);
        await _platform.StartAgainAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task What_the_platform_said_by_mistake_is_forgotten_when_it_takes_the_ledger()
    {
        await _first.WriteAsync(Entry(JournalKind.Restarted));
        _first.Ledger.SecondPast.Note("journal-fork: by mistake");
        List<UploadNews> news = await LookAsync(_first.Ledger);
        Assert.IsType<UploadNews.Locked>(news[0]);
        Assert.Contains(news, n => n is UploadNews.Accepted);
        await Within.Async(() => _first.Ledger.SecondPast.Noted is null, "the note is gone");
    }

    // Entries that only the copy has may be codes on labels, and the platform never heard of them.
    [Fact(Timeout = Timeout)]
    public async Task What_the_second_copy_said_stays_when_the_platform_takes_the_ledger()
    {
        await _first.WriteAsync(Entry(JournalKind.Restarted));
        _first.Ledger.SecondPast.Note($"{SecondPast.BehindCopy}: it ends before the copy");
        // In the same second, which would make it the platform's to forget.
        _first.Ledger.SecondPast.Note("journal-fork: the platform's word");
        List<UploadNews> news = await LookAsync(_first.Ledger);
        Assert.IsType<UploadNews.Locked>(news[0]);
        await _first.WriteAsync(Entry(JournalKind.Restarted));
        Assert.Contains(await LookAsync(_first.Ledger), n => n is UploadNews.Accepted);
        // What is forgotten is forgotten with the first upload, some milliseconds later.
        for (int look = 0; look < 20; look++)
        {
            Assert.Equal(SecondPast.BehindCopy, SecondPast.ReasonOf(_first.Ledger.SecondPast.Noted ?? ""));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_platform_that_cannot_be_asked_keeps_no_line_waiting()
    {
        await _platform.StopAsync();
        Assert.IsType<UploadNews.Outage>(Assert.Single(await LookAsync(_first.Ledger)));
        await _platform.StartAgainAsync();
    }

    // A copy of a ledger that went on and was heard by the platform; then the copy goes on too.
    private async Task<LedgerUnderTest> ForkAsync()
    {
        await _first.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        _first.Close();
        var copy = new LedgerUnderTest();
        copy.Close();
        foreach (string file in (string[])["ledger.db", "high-water.json"])
        {
            File.Copy(Path.Combine(_first.Folder, file), Path.Combine(copy.Folder, file), overwrite: true);
        }

        _first.Reopen();
        await _first.WriteAsync(Entry(JournalKind.Restarted));
        List<UploadNews> news = await LookAsync(_first.Ledger);
        Assert.DoesNotContain(news, n => n is UploadNews.Locked);

        copy.Reopen();
        copy.Time.WallMs++;
        await copy.WriteAsync(Entry(JournalKind.Restarted));
        return copy;
    }

    private async Task<List<UploadNews>> LookAsync(LineLedger ledger)
    {
        var uploader = new JournalUploader(LineId, ledger, new PlatformClient(_http, LineId, TokenFile), TimeProvider.System, NullLogger.Instance);
        var news = new List<UploadNews>();
        _running.Add(uploader.RunAsync(
            n =>
            {
                lock (news)
                {
                    news.Add(n);
                }
            },
            _stop.Token));
        await uploader.FirstLook;
        lock (news)
        {
            return [.. news];
        }
    }
}
