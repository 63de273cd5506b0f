using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Batches;

/// <summary>
/// Speaks to the issuing platform for one line. Every failure is a <see cref="PlatformProblemException"/>: either the
/// platform's own problem type, or an outage.
/// </summary>
public sealed class PlatformClient(HttpClient http, string lineId, string tokenFile)
{
    // Longest answer that is kept in memory; code files go through a buffer of their own. A list of 1,000 orders is a third of it.
    private const int AnswerBytesMax = 2 << 20;

    // What is taken for granted must be there: the answer may come from anybody who stands in the platform's place.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
    };

    /// <summary>Orders assigned to this line, oldest first.</summary>
    public Task<LineWork> WorkAsync(CancellationToken stop) => GetAsync<LineWork>($"api/v1/lines/{lineId}/work", stop);

    /// <summary>Where the platform stands with this line's ledger.</summary>
    public Task<LedgerHead> HeadAsync(CancellationToken stop) => GetAsync<LedgerHead>($"api/v1/lines/{lineId}/journal", stop);

    /// <summary>Asks for codes; fewer may be granted.</summary>
    public Task<LeaseGrant> LeaseAsync(string orderId, LeaseRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        var message = new HttpRequestMessage(HttpMethod.Post, $"api/v1/orders/{Uri.EscapeDataString(orderId)}/leases")
        {
            Content = JsonContent.Create(request, options: Json),
        };
        message.Headers.Add("Idempotency-Key", request.ClientRef);
        return SendAsync(message, ReadAsync<LeaseGrant>, stop);
    }

    /// <summary>The signed manifest of a lease, exactly as signed.</summary>
    public Task<string> ManifestAsync(string leaseId, CancellationToken stop) => SendAsync(
        new HttpRequestMessage(HttpMethod.Get, $"api/v1/leases/{Uri.EscapeDataString(leaseId)}/manifest"),
        async (r, s) => Encoding.Latin1.GetString(await BytesAsync(r, s)),
        stop);

    /// <summary>Reads the code file of a lease into a buffer of at least one byte more than the file should have.</summary>
    /// <returns>Bytes of the file; the length of the buffer when there are more.</returns>
    public Task<int> CodesAsync(string leaseId, Memory<byte> into, CancellationToken stop) => SendAsync(
        new HttpRequestMessage(HttpMethod.Get, $"api/v1/leases/{Uri.EscapeDataString(leaseId)}/codes"),
        async (response, s) =>
        {
            await using Stream file = await response.Content.ReadAsStreamAsync(s);
            return await file.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, s);
        },
        stop);

    /// <summary>What the platform knows of all codes lent to this line whose batch is not closed.</summary>
    public Task<OpenCodes> OpenCodesAsync(CancellationToken stop) => GetAsync<OpenCodes>($"api/v1/lines/{lineId}/open-codes", stop);

    /// <summary>Brings back a lease that the platform granted and lost.</summary>
    public Task<LeaseGrant> BringLeaseAsync(string leaseId, LostLease lease, CancellationToken stop) => SendAsync(
        new HttpRequestMessage(HttpMethod.Put, $"api/v1/leases/{Uri.EscapeDataString(leaseId)}") { Content = JsonContent.Create(lease, options: Json) },
        ReadAsync<LeaseGrant>,
        stop);

    /// <summary>Shows the platform its own receipt of an enrolment that it lost.</summary>
    public Task<LedgerHead> ShowReceiptAsync(string receipt, CancellationToken stop) => SendAsync(
        new HttpRequestMessage(HttpMethod.Put, $"api/v1/lines/{lineId}/ledger") { Content = new StringContent(receipt, new MediaTypeHeaderValue(SignedManifest.MediaType)) },
        ReadAsync<LedgerHead>,
        stop);

    /// <summary>Uploads stored leaves as they are.</summary>
    /// <param name="leaves">The leaves.</param>
    /// <param name="givenUp">Leases that could not be brought back; the platform refuses their entries and goes on.</param>
    /// <param name="stop">Cancels it.</param>
    public Task<JournalReceipt> UploadAsync(IReadOnlyCollection<byte[]> leaves, IReadOnlyCollection<string> givenUp, CancellationToken stop)
    {
        string query = givenUp.Count == 0 ? "" : "?" + string.Join('&', givenUp.Select(l => $"givenUp={Uri.EscapeDataString(l)}"));
        var content = new ByteArrayContent(JournalUpload.Join(leaves));
        content.Headers.ContentType = new MediaTypeHeaderValue(JournalUpload.MediaType);
        return SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"api/v1/lines/{lineId}/journal{query}") { Content = content },
            ReadAsync<JournalReceipt>,
            stop);
    }

    private Task<T> GetAsync<T>(string path, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), ReadAsync<T>, stop);

    private async Task<T> SendAsync<T>(
        HttpRequestMessage message, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        // The whole exchange, body included, within the client's time.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(http.Timeout);
        try
        {
            // Read anew each time, so that a changed token needs no restart; one line, so nobody waits for it elsewhere.
            string token = File.ReadAllText(tokenFile).Trim();
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemOfAsync(response, limit.Token);
            }

            return await read(response, limit.Token);
        }
        // A token that is no token is a format error.
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UnauthorizedAccessException or FormatException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new PlatformProblemException(PlatformProblemException.Outage, $"The platform does not answer: {e.Message}", e);
        }
        finally
        {
            message.Dispose();
        }
    }

    // By its bytes: JSON is UTF-8 whatever the head of the answer says.
    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken stop) =>
        JsonSerializer.Deserialize<T>(await BytesAsync(response, stop), Json) is { } answer && IsSound(answer)
            ? answer
            : throw new JsonException("The answer is empty, has gaps, or holds a number that cannot be.");

    // A list may hold nothing in a place whatever its type says.
    private static bool IsSound(object answer) => answer switch
    {
        LineWork work => work.Orders.All(o => o is not null && IsIdentity(o.OrderId) && IsIdentity(o.BatchId)) && IsMoment(work.NowUnixMs),
        LedgerHead head => head.AcceptedThrough >= 0,
        JournalReceipt receipt => receipt.AcceptedThrough >= 0 && IsMoment(receipt.NowUnixMs) && receipt.Refused.All(r => r is not null) && receipt.Batches.All(b => b is not null),
        _ => true,
    };

    // It goes into journal entries, where there is no room for more.
    private static bool IsIdentity(string text) => text.Length is > 0 and <= LeaseManifest.IdentityMax && text.All(char.IsAscii);

    // Of a year that has four digits: everything else is no clock, and once believed it would never run back.
    private static bool IsMoment(long unixMs) => unixMs is >= 0 and < LeaseManifest.EndOfTimeUnixMs;

    private static async Task<byte[]> BytesAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, stop);
        return await response.Content.ReadAsByteArrayAsync(stop);
    }

    /// <summary>The problem in an answer that is no success.</summary>
    internal static async Task<PlatformProblemException> ProblemOfAsync(HttpResponseMessage response, CancellationToken stop)
    {
        byte[] text = await BytesAsync(response, stop);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            string type = root.GetProperty("type").GetString() ?? "";
            string detail = root.TryGetProperty("detail", out JsonElement d) ? d.GetString() ?? "" : "";
            long expected = root.TryGetProperty("expectedSeq", out JsonElement s) ? s.GetInt64() : 0;
            string lease = root.TryGetProperty("leaseId", out JsonElement l) ? l.GetString() ?? "" : "";
            return new PlatformProblemException(type[(type.LastIndexOf('/') + 1)..], detail) { ExpectedSeq = expected, LeaseId = lease };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new PlatformProblemException(
                PlatformProblemException.Outage, $"The platform answered {(int)response.StatusCode} without a problem document.");
        }
    }
}
