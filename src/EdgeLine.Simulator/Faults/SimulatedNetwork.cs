using System.Net;
using EdgeLine.Contracts;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// The network between line and platform: late, gone, a request or its answer lost, a request twice, an answer cut short, an
/// error page in between. It belongs to no program and outlives all of them.
/// </summary>
internal sealed class SimulatedNetwork(
    VirtualClock clock, SeededRandom random, FaultOracle oracle, SimulatedPlatform platform) : HttpMessageHandler
{
    private const int GiveUpMs = 3_000;

    /// <summary>Nothing gets through.</summary>
    public bool Down { get; set; }

    /// <summary>Each kind of fault in so many of a million requests.</summary>
    public int Faults { get; set; }

    public Mutation Mutation { get; init; }

    public long Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = [];
        if (request.Content is not null)
        {
            using var bytes = new MemoryStream();
            request.Content.CopyTo(bytes, null, cancellationToken);
            body = bytes.ToArray();
        }

        HttpMethod method = request.Method;
        (string path, string token) = (request.RequestUri!.AbsolutePath, request.Headers.Authorization?.Parameter ?? "");
        // Completed by an event of the world, outside every program, so that nothing hops to another thread.
        var done = new TaskCompletionSource<HttpResponseMessage>();
        Requests++;
        if (Down || Happens())
        {
            clock.InMs(GiveUpMs, () => done.SetException(new HttpRequestException("no answer")));
            return done.Task;
        }

        (bool twice, bool answerLost, bool errorPage, bool cut, bool slow) = (Happens(), Happens(), Happens(), Happens(), Happens());
        clock.InMs(1 + random.Below(slow ? 5_000 : 20), () =>
        {
            HttpResponseMessage answer = Deliver(method, path, token, body);
            if (twice)
            {
                answer = Deliver(method, path, token, body);
            }

            oracle.Note($"{method} {path.Split('/')[^1]} {body.Length} {(int)answer.StatusCode}");
            if (answerLost || Down)
            {
                clock.InMs(GiveUpMs, () => done.SetException(new HttpRequestException("the answer was lost")));
                return;
            }

            clock.InMs(1 + random.Below(20), () => done.SetResult(errorPage ? ErrorPage() : cut ? Cut(answer) : answer));
        });
        return done.Task;
    }

    private HttpResponseMessage Deliver(HttpMethod method, string path, string token, byte[] body) => platform.Answer(
        method, path, token, Mutation == Mutation.UploadEncodedAnew && method == HttpMethod.Post && path.EndsWith("/journal", StringComparison.Ordinal)
            ? EncodedAnew(path.Split('/')[^2], body)
            : body);

    // What a program would send that does not keep the bytes.
    private byte[] EncodedAnew(string lineId, byte[] body)
    {
        long known = platform.HeadOf(lineId).AcceptedThrough;
        return JournalUpload.Join([.. JournalUpload.Split(body).Select(leaf => JournalLeaf.Decode(leaf) is { } entry && entry.Seq <= known
            ? JournalLeaf.Encode(entry with { AtUnixMs = entry.AtUnixMs + 1 })
            : leaf)]);
    }

    private bool Happens() => Faults > 0 && random.Below(1_000_000) < Faults;

    private static HttpResponseMessage ErrorPage() =>
        new(HttpStatusCode.BadGateway) { Content = new StringContent("<html>502 Bad Gateway</html>") };

    private static HttpResponseMessage Cut(HttpResponseMessage answer)
    {
        byte[] whole = answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        answer.Content = new ByteArrayContent(whole[..(whole.Length / 2)]);
        return answer;
    }
}
