using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A platform that lost everything is sent everything again, also what the ledger has given away to its segments.</summary>
public sealed class SetBackPlatformTests : IDisposable
{
    private const int Timeout = 60_000;
    private const long Day = 24 * 3_600_000L;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task It_gets_the_same_bytes_from_the_first_entry_on()
    {
        await _test.WriteAsync([.. Enumerable.Range(0, 600).Select(_ => Entry(JournalKind.ItemRejected, "no-read"))]);
        _test.Time.WallMs += 31 * Day;
        await _test.WriteAsync([.. Enumerable.Range(0, 20).Select(_ => Entry(JournalKind.ItemRejected, "other-symbol"))]);
        string head = (await _test.Ledger.HashAtAsync(621))!;
        await UploadAllAsync(head);
        var sealer = new JournalSealer(_test.Ledger, _test.Folder, 90, _test.Time, NullLogger.Instance) { KeepEntries = 10 };
        Assert.True(await sealer.SealNextAsync(CancellationToken.None));
        _test.Time.WallMs += 91 * Day;
        await sealer.GiveAwayAsync(CancellationToken.None);
        Assert.Equal(602, await _test.Ledger.AskAsync(LedgerQueries.FirstKept));
        await UploadAllAsync(head);
    }

    // To a platform that has never heard of this line.
    private async Task UploadAllAsync(string head)
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync();
        JsonNode tokens = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(platform.Folder, "tokens.json")))!;
        string token = Path.Combine(_test.Folder, "token");
        await File.WriteAllTextAsync(token, (string)tokens["lines"]!.AsArray().First(l => (string)l!["line"]! == LineId)!["token"]!);
        using var http = new HttpClient { BaseAddress = platform.Url };
        var client = new PlatformClient(http, LineId, token);
        var uploader = new JournalUploader(LineId, _test.Ledger, client, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var arrived = new TaskCompletionSource<UploadNews>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = uploader.RunAsync(
            news =>
            {
                if (news is not UploadNews.Accepted { Through: < 621 })
                {
                    arrived.TrySetResult(news);
                }
            },
            stop.Token);
        Assert.Equal(621, Assert.IsType<UploadNews.Accepted>(await arrived.Task).Through);
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        LedgerHead there = await client.HeadAsync(CancellationToken.None);
        Assert.Equal((621, head), (there.AcceptedThrough, there.HeadHash));
    }
}
