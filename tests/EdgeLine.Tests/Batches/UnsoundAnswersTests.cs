using System.Net;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Tests.Batches;

/// <summary>
/// Answers that no sound platform gives: each is an outage that says what is wrong, and nothing of it is believed. And sound ones
/// with more words than a line has room for.
/// </summary>
public sealed class UnsoundAnswersTests : IDisposable
{
    private readonly LedgerUnderTest _test = new();
    private readonly string _token;

    public UnsoundAnswersTests() => File.WriteAllText(_token = Path.Combine(_test.Folder, "token"), "a-token");

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"orders":null,"nowUnixMs":1}""")]
    [InlineData("""{"orders":[null],"nowUnixMs":1}""")]
    [InlineData("""{"orders":[],"nowUnixMs":9223372036854775807}""")]
    [InlineData("""{"orders":[{"orderId":"","batchId":"b","batchNumber":"B","product":"p","target":1,"verified":0,"batchState":"approved"}],"nowUnixMs":1}""")]
    [InlineData("""{"orders":[{"orderId":"订","batchId":"b","batchNumber":"B","product":"p","target":1,"verified":0,"batchState":"approved"}],"nowUnixMs":1}""")]
    public async Task A_list_of_work_with_gaps_is_an_outage(string answer)
    {
        var problem = await Assert.ThrowsAsync<PlatformProblemException>(() => Client(answer).WorkAsync(CancellationToken.None));
        Assert.True(problem.IsOutage, problem.Message);
    }

    /// <summary>The platform takes 200 characters for a batch number; with Chinese ones an order could not be run.</summary>
    [Theory]
    [InlineData(200, 200)]
    [InlineData(60, 60)]
    [InlineData(5, 200)]
    [InlineData(200, 0)]
    public async Task A_run_with_long_words_fits_into_its_entry(int number, int product)
    {
        var order = new RunOrder("run-1", new string('o', LeaseManifest.IdentityMax), new string('b', LeaseManifest.IdentityMax), new string('批', number), new string('板', product), 10);
        await _test.WriteAsync(LedgerUnderTest.Entry(JournalKind.RunStarted, count: 10) with { Detail = RunDetail.Of(order) });
        _test.Reopen();
        RunOrder read = _test.Ledger.Memory.Run!;
        Assert.Equal((order.OrderId, order.BatchId), (read.OrderId, read.BatchId));
        Assert.StartsWith(read.BatchNumber, order.BatchNumber, StringComparison.Ordinal);
        Assert.True(read.BatchNumber.Length >= Math.Min(number, 40), $"only {read.BatchNumber.Length} characters of {number} are left");
    }

    [Fact]
    public async Task An_answer_without_an_end_is_not_kept_in_memory()
    {
        var problem = await Assert.ThrowsAsync<PlatformProblemException>(
            () => Client(new string(' ', 3 << 20) + """{"orders":[],"nowUnixMs":1}""").WorkAsync(CancellationToken.None));
        Assert.True(problem.IsOutage, problem.Message);
    }

    /// <summary>Believed, an acknowledgement of what was never sent would leave entries out for ever.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData(1_000_000)]
    [InlineData(0)]
    public async Task An_acknowledgement_of_what_was_not_sent_moves_nothing(long through)
    {
        var heard = new TaskCompletionSource<UploadNews>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var uploader = new JournalUploader(
            LedgerUnderTest.LineId,
            _test.Ledger,
            Client("""{"ledgerId":null,"epoch":0,"acceptedThrough":0,"headHash":""}""", $$"""{"acceptedThrough":{{through}},"refused":[],"batches":[],"nowUnixMs":1}"""),
            _test.Time,
            NullLogger.Instance);
        Task running = uploader.RunAsync(
            news =>
            {
                if (news is UploadNews.Outage or UploadNews.Locked)
                {
                    heard.TrySetResult(news);
                }
            },
            stop.Token);
        UploadNews.Outage outage = Assert.IsType<UploadNews.Outage>(await heard.Task);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Contains($"through {through}", outage.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await _test.Ledger.AskAsync(db => LedgerQueries.Cursor(db, JournalUploader.CursorName)));
    }

    private PlatformClient Client(string answer, string? toPost = null) =>
        new(new HttpClient(new Says(answer, toPost ?? answer)) { BaseAddress = new Uri("http://platform.example/") }, LedgerUnderTest.LineId, _token);

    private sealed class Says(string toGet, string toPost) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(request.Method == HttpMethod.Get ? toGet : toPost, Encoding.UTF8, "application/json"),
            });
    }
}
