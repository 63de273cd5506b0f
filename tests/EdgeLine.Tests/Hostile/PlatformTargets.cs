using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>What a platform, or whoever stands in its place, answers to the line.</summary>
internal static class PlatformTargets
{
    private static readonly string TokenFile = WriteToken();

    private static readonly LeaseRequest Request = new("line-1", Guid.Empty, 1, 10, "ref");

    public static HostileTarget[] All { get; } =
    [
        new()
        {
            Name = "platform-answers",
            Corpus =
            [
                .. new[]
                {
                    """{"orders":[{"orderId":"o","batchId":"b","batchNumber":"B-1","product":"板","target":10,"verified":3,"batchState":"approved","texts":{"specification":"s","producer":"p","standard":"g","reportNumber":"r","urlTemplate":"https://h/C/{code}"}}],"nowUnixMs":1782000000000}""",
                    """{"ledgerId":"5c5d0a52-7a1f-4a55-9a55-0d7e7c3b2f10","epoch":1,"acceptedThrough":4,"headHash":"00"}""",
                    """{"ledgerId":null,"epoch":0,"acceptedThrough":0,"headHash":""}""",
                    """{"leaseId":"l","requested":10,"mayVerify":10,"codes":12,"expiresAtUnixMs":1782000000000}""",
                    """{"acceptedThrough":9,"refused":[{"seq":3,"code":"c","type":"already-active","detail":"d"}],"batches":[{"batchId":"b","state":"approved"}],"nowUnixMs":1782000000000}""",
                    """{"type":"https://edgeline.example/problems/journal-gap","title":"t","status":409,"detail":"d","expectedSeq":7}""",
                }.Select(Encoding.UTF8.GetBytes),
            ],
            Words = ["{", "}", "\"", "\\uD800", "null", "[", "]", ":", ",", "\"refused\":null,", "\"orders\":[null],", "\"type\":"],
            Read = (input, random) => ReadAsync(input, random).GetAwaiter().GetResult(),
            OneThread = false,
            FullCount = 300_000,
        },
    ];

    private static async Task<bool> ReadAsync(byte[] body, SeededRandom random)
    {
        using var http = new HttpClient(new Says(body, random)) { BaseAddress = new Uri("http://platform.example/") };
        var client = new PlatformClient(http, "line-1", TokenFile);
        try
        {
            switch (random.Below(4))
            {
                case 0:
                    LineWork work = await client.WorkAsync(CancellationToken.None);
                    HostileTarget.Demand(work.Orders.All(o => o.OrderId.Length + o.BatchId.Length + o.BatchNumber.Length + o.Product.Length + o.BatchState.Length >= 0), "");
                    _ = DateTimeOffset.FromUnixTimeMilliseconds(work.NowUnixMs);
                    break;
                case 1:
                    LedgerHead head = await client.HeadAsync(CancellationToken.None);
                    HostileTarget.Demand(head.HeadHash.Length >= 0 && head.AcceptedThrough >= 0, "a head before the first entry");
                    break;
                case 2:
                    LeaseGrant grant = await client.LeaseAsync("o", Request, CancellationToken.None);
                    HostileTarget.Demand(grant.LeaseId.Length >= 0, "");
                    break;
                default:
                    JournalReceipt receipt = await client.UploadAsync([[1]], [], CancellationToken.None);
                    _ = DateTimeOffset.FromUnixTimeMilliseconds(receipt.NowUnixMs);
                    HostileTarget.Demand(receipt.Refused.All(r => r.Code.Length + r.Type.Length + r.Detail.Length >= 0), "");
                    HostileTarget.Demand(receipt.Batches.All(b => b.BatchId.Length + b.State.Length >= 0) && receipt.AcceptedThrough >= 0, "less than nothing accepted");
                    break;
            }

            return true;
        }
        catch (PlatformProblemException e)
        {
            HostileTarget.Demand(e.Type.Length > 0 || e.Message.Length >= 0, "");
            return false;
        }
    }

    private static string WriteToken()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("edgeline-hostile-").FullName, "token");
        File.WriteAllText(file, "a-token\n");
        return file;
    }

    /// <summary>Answers everything with the same body; status and media type are part of what is wrong.</summary>
    private sealed class Says(byte[] body, SeededRandom random) : HttpMessageHandler
    {
        private static readonly string[] Types =
            ["application/json", "application/problem+json", "application/json; charset=utf-8", "application/json; charset=utf-7", "application/json; charset=nonsense", "text/html"];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool problem = Encoding.Latin1.GetString(body).Contains("\"type\":\"http", StringComparison.Ordinal);
            var answer = new HttpResponseMessage(problem || random.Chance(50_000) ? HttpStatusCode.Conflict : HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Types[random.Chance(800_000) ? 0 : random.Below(Types.Length)]);
            return Task.FromResult(answer);
        }
    }
}
