using System.Net;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Ledger;
using EdgeLine.Tests.Line;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Tests.Batches;

/// <summary>The platform has no place left for an order: what the line then says depends on what a person can do about it.</summary>
public sealed class SpentOrderTests : IDisposable
{
    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("quantity-exhausted", "order-1", "codes-in-bin")]
    [InlineData("quantity-exhausted", "order-2", "no-codes")]
    [InlineData("order-not-found", "order-1", "no-codes")]
    public async Task Items_in_the_bin_are_named_when_they_hold_the_places_of_this_order(string problem, string orderInBin, string said)
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 2, order: orderInBin);
        await _test.WriteAsync([.. codes.Select(LedgerUnderTest.Print)]);
        await _test.WriteAsync(
            LedgerUnderTest.Move(codes[0], CodeState.Printing, JournalKind.Verified),
            LedgerUnderTest.Move(codes[1], CodeState.Printing, JournalKind.Rejected, "no-read"));
        string token = Path.Combine(_test.Folder, "token");
        File.WriteAllText(token, "a-token");
        using var http = new HttpClient(new Refuses(problem)) { BaseAddress = new Uri("http://platform.example/") };
        var supply = new CodeSupply(
            LedgerUnderTest.LineId, _test.Ledger, new PlatformClient(http, LedgerUnderTest.LineId, token), "no-key", 100, _test.Time, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task asking = supply.NextAsync(Some.Order(10), 1, 10, 0, why => heard.TrySetResult(why), stop.Token);
        Assert.Equal(said, await heard.Task);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private sealed class Refuses(string problem) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Conflict)
            {
                Content = new StringContent($$"""{"type":"https://edgeline.invalid/problems/{{problem}}","title":"t","detail":"d"}""", Encoding.UTF8, "application/problem+json"),
            });
    }
}
