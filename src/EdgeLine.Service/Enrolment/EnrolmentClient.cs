using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;

namespace EdgeLine.Service.Enrolment;

/// <summary>Shows the platform the code of a person, and checks that the answer comes from who gave the code out.</summary>
internal sealed class EnrolmentClient(HttpClient http, string tokenFile)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Uses the code for a ledger; the same call again gets the same answer.</summary>
    /// <exception cref="PlatformProblemException">Refused, not reachable, or not the platform that the code is from.</exception>
    public async Task<EnrolmentAnswer> EnrolAsync(string code, EnrolmentRequest request, CancellationToken stop)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "api/v1/enrolments") { Content = JsonContent.Create(request, options: Json) };
        if (File.Exists(tokenFile))
        {
            // A PC that the platform knows keeps its token; any other gets a new one.
            string token = (await File.ReadAllTextAsync(tokenFile, stop)).Trim();
            message.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(message, stop);
            if (!response.IsSuccessStatusCode)
            {
                throw await PlatformClient.ProblemOfAsync(response, stop);
            }

            byte[] body = await response.Content.ReadAsByteArrayAsync(stop);
            string seal = response.Headers.TryGetValues(EnrolmentCode.SealHeader, out IEnumerable<string>? values) ? string.Concat(values) : "";
            string expected = EnrolmentCode.Seal(EnrolmentCode.SealKeyOf(code), body);
            return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(seal), Encoding.ASCII.GetBytes(expected))
                ? JsonSerializer.Deserialize<EnrolmentAnswer>(body, Json)!
                : throw new PlatformProblemException("answer-not-sealed", $"The answer does not carry the seal of this code: {http.BaseAddress} is not the platform that gave it out.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new PlatformProblemException(PlatformProblemException.Outage, $"The platform does not answer: {e.Message}", e);
        }
    }
}
