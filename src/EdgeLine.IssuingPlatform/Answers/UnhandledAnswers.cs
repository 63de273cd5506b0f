using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Answers;

/// <summary>
/// Gives a problem document to whatever no endpoint answered: unknown addresses, wrong methods, broken requests, and
/// faults of this program. No answer of the platform is an empty error page.
/// </summary>
internal sealed class UnhandledAnswers(RequestDelegate next, ILogger<UnhandledAnswers> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            string type = e.StatusCode == 413 ? "payload-too-large" : "bad-request";
            await Answer.WriteAsync(http, new Problem(e.StatusCode, type, "The request cannot be read", e.Message));
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // The caller left; there is nobody to answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            // The one place where a broken world meets the caller: the details belong to the log, not to strangers.
            log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            await Answer.WriteAsync(http, new Problem(
                500, "internal", "The platform failed", "The platform could not answer. Ask again; the cause is in its log."));
            return;
        }

        // A range that does not exist leaves the media type of the file behind, but no body.
        if (!http.Response.HasStarted && http.Response is ({ StatusCode: 416 } or { StatusCode: >= 400, ContentType: null, ContentLength: null }))
        {
            await Answer.WriteAsync(http, Missing(http));
        }
    }

    private static Problem Missing(HttpContext http) => http.Response.StatusCode switch
    {
        404 => new Problem(404, ProblemTypes.NotFound, "Not found", $"There is nothing at {Problem.Shown(http.Request.Path)}."),
        405 => new Problem(405, "method-not-allowed", "Wrong method",
            $"{Problem.Shown(http.Request.Method)} is not possible here; allowed: {http.Response.Headers.Allow}."),
        416 => new Problem(416, "range-not-satisfiable", "No such range", "The range lies outside the file."),
        int other => new Problem(other, "bad-request", "The request was refused", $"Status {other}."),
    };
}
