using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Enrolment;

/// <summary>
/// <c>edgeline-platform enrolment</c>: asks the running platform for a code, as a person with a token of the right role.
/// </summary>
internal static class EnrolmentCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    /// <summary>Prints the code and what to do with it; 3 when the platform refuses.</summary>
    /// <exception cref="OptionRefusedException">The address or the token cannot be used.</exception>
    public static async Task<int> RunAsync(string url, string tokenFile, string line, EnrolmentOrder order, CancellationToken stop)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? platform) || platform.Scheme is not ("http" or "https"))
        {
            throw new OptionRefusedException($"--url {url}: http://HOST:PORT or https://HOST is needed.");
        }

        using var http = new HttpClient { BaseAddress = platform, Timeout = AnswerWithin };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/lines/{Uri.EscapeDataString(line)}/enrolments")
        {
            Content = JsonContent.Create(order, options: PlatformJson.Options),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(tokenFile));
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, stop);
            string text = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode)
            {
                await Console.Error.WriteLineAsync($"edgeline-platform: {line}: {DetailOf(text)}");
                return 3;
            }

            Print(JsonSerializer.Deserialize<IssuedEnrolment>(text, PlatformJson.Options)!);
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new IOException($"{platform} does not answer: {e.Message}", e);
        }
    }

    private static void Print(IssuedEnrolment issued)
    {
        string until = DateTimeOffset.FromUnixTimeMilliseconds(issued.ExpiresAtUnixMs).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        Console.WriteLine($"Code for {issued.LineId}, works once, until {until}:");
        Console.WriteLine();
        Console.WriteLine($"    {issued.Code}");
        Console.WriteLine();
        Console.WriteLine($"On the line PC, with the service stopped: edgeline enrol {issued.Code} --line {issued.LineId} --config FILE");
    }

    private static string Token(string file)
    {
        try
        {
            string token = File.ReadAllText(file).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? token : throw new OptionRefusedException($"--token-file {file}: one line with the token is needed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionRefusedException($"--token-file {file}: {e.Message}");
        }
    }

    private static string DetailOf(string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(problem);
            return document.RootElement.GetProperty("detail").GetString() ?? problem;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the platform answered without a problem document; is --url right?";
        }
    }
}
