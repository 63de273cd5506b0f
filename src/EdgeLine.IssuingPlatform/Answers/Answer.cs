using System.Diagnostics;
using System.Net.Mime;
using System.Text.Json;

namespace EdgeLine.IssuingPlatform.Answers;

/// <summary>Turns outcomes into HTTP answers: JSON when done, application/problem+json when refused.</summary>
internal static class Answer
{
    private const string ProblemMediaType = "application/problem+json";

    /// <summary>200 with the value, or the problem.</summary>
    public static IResult Of<T>(Outcome<T> outcome) => Of(outcome, value => Ok(value));

    /// <summary>Whatever the caller makes of the value, or the problem.</summary>
    public static IResult Of<T>(Outcome<T> outcome, Func<T, IResult> done) => outcome switch
    {
        Outcome<T>.Done d => done(d.Value),
        Outcome<T>.Refused r => Of(r.Problem),
        _ => throw new UnreachableException(),
    };

    /// <summary>200 with JSON.</summary>
    public static IResult Ok<T>(T value) => Results.Json(value, PlatformJson.Options, MediaTypeNames.Application.Json, 200);

    /// <summary>201 with JSON and the address of what was made.</summary>
    public static IResult Created<T>(string location, T value) => new CreatedAt<T>(location, value);

    /// <summary>The problem.</summary>
    public static IResult Of(Problem problem) => new ProblemAnswer(problem);

    /// <summary>Reads a JSON body, then does the work with it.</summary>
    public static async Task<IResult> WithBody<TBody, T>(
        HttpContext http, Func<TBody, Outcome<T>> work, Func<T, IResult>? done = null, int maxBytes = RequestBody.MaxJsonBytes)
        where TBody : class =>
        await RequestBody.ReadJsonAsync<TBody>(http.Request, maxBytes) switch
        {
            Outcome<TBody>.Done body => Of(work(body.Value), done ?? (value => Ok(value))),
            Outcome<TBody>.Refused refused => Of(refused.Problem),
            _ => throw new UnreachableException(),
        };

    /// <summary>A problem as JSON.</summary>
    public static byte[] BodyOf(Problem problem)
    {
        // The type is a name under an address that never needs to be fetched; clients look at its last part.
        var document = new Dictionary<string, object?>
        {
            ["type"] = $"https://edgeline.example/problems/{problem.Type}",
            ["title"] = problem.Title,
            ["status"] = problem.Status,
            ["detail"] = problem.Detail,
        };
        foreach ((string name, object? value) in problem.Members)
        {
            document[name] = value;
        }

        return JsonSerializer.SerializeToUtf8Bytes(document, PlatformJson.Options);
    }

    /// <summary>Writes a problem as the answer.</summary>
    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        byte[] body = BodyOf(problem);
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = ProblemMediaType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }

    private sealed class CreatedAt<T>(string location, T value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = location;
            return Results.Json(value, PlatformJson.Options, MediaTypeNames.Application.Json, 201).ExecuteAsync(httpContext);
        }
    }
}
