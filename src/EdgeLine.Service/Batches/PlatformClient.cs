using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Batches;

/// <summary>
/// Speaks to the issuing platform for one line. Every failure is a <see cref="PlatformProblemException"/>: either the
/// platform's own problem type, or an outage.
/// </summary>
public sealed class PlatformClient(HttpClient http, string lineId, string tokenFile)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

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
        (r, s) => r.Content.ReadAsStringAsync(s),
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
            // Read anew each time, so that a changed token needs no restart.
            string token = (await File.ReadAllTextAsync(tokenFile, stop)).Trim();
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemOfAsync(response, limit.Token);
            }

            return await read(response, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UnauthorizedAccessException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new PlatformProblemException(PlatformProblemException.Outage, $"The platform does not answer: {e.Message}", e);
        }
        finally
        {
            message.Dispose();
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken stop) =>
        await response.Content.ReadFromJsonAsync<T>(Json, stop) ?? throw new JsonException("The answer is empty.");

    /// <summary>The problem in an answer that is no success.</summary>
    internal static async Task<PlatformProblemException> ProblemOfAsync(HttpResponseMessage response, CancellationToken stop)
    {
        string text = await response.Content.ReadAsStringAsync(stop);
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
