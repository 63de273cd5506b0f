using System.Text.Json;
using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Answers;

/// <summary>
/// Reads bodies that may hold anything. Every wrong one becomes a problem that names what was wrong and the limit.
/// </summary>
internal static class RequestBody
{
    /// <summary>Largest JSON body in bytes.</summary>
    public const int MaxJsonBytes = 64 * 1024;

    /// <summary>Reads a JSON object of at most so many bytes.</summary>
    public static async Task<Outcome<T>> ReadJsonAsync<T>(HttpRequest request, int maxBytes = MaxJsonBytes)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return WrongMediaType(request, "application/json");
        }

        Outcome<byte[]> body = await ReadBytesAsync(request, maxBytes);
        return body switch
        {
            Outcome<byte[]>.Refused refused => refused.Problem,
            Outcome<byte[]>.Done { Value.Length: 0 } => Problem.Invalid("", "The body is empty; a JSON object is needed."),
            Outcome<byte[]>.Done done => Parse<T>(done.Value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Reads a body of one media type up to a limit.</summary>
    public static async Task<Outcome<byte[]>> ReadAsync(HttpRequest request, string mediaType, int maxBytes) =>
        request.ContentType?.Split(';')[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase) == true
            ? await ReadBytesAsync(request, maxBytes)
            : WrongMediaType(request, mediaType);

    private static async Task<Outcome<byte[]>> ReadBytesAsync(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 1024));
        byte[] chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > maxBytes)
            {
                return TooLarge(maxBytes);
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static Outcome<T> Parse<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, PlatformJson.Options) is { } value
                ? value
                : Problem.Invalid("", "The body is null; a JSON object is needed.");
        }
        catch (JsonException e)
        {
            return Problem.Invalid(PointerOf(e.Path), $"The body is not the JSON that is expected here: {FirstSentence(e)}");
        }
    }

    // The serializer speaks of types of this program; only what helps the sender is passed on.
    private static string FirstSentence(JsonException e)
    {
        string where = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
        string message = e.Message;
        return message switch
        {
            _ when message.Contains("could not be mapped", StringComparison.Ordinal) => $"unknown member at {PointerOf(e.Path)}{where}.",
            _ when message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) => $"a member appears twice{where}.",
            _ when message.Contains("missing required", StringComparison.Ordinal) =>
                $"a required member is missing: {message[(message.LastIndexOf(':') + 1)..].Trim()}",
            _ when message.Contains("allow null", StringComparison.Ordinal) => $"null is not possible at {PointerOf(e.Path)}{where}.",
            _ when message.Contains("could not be converted", StringComparison.Ordinal) => $"wrong kind of value at {PointerOf(e.Path)}{where}.",
            _ => $"it cannot be read{where}.",
        };
    }

    private static string PointerOf(string? path) =>
        path is null or "$" ? "" : path.Replace("$", "", StringComparison.Ordinal).Replace('.', '/');

    private static Problem WrongMediaType(HttpRequest request, string wanted) => new Problem(
        415, "media-type", "Wrong media type", $"The body must be {wanted}, not '{Problem.Shown(request.ContentType ?? "")}'.")
        .With("expected", wanted);

    private static Problem TooLarge(int maxBytes) => new Problem(
        413, "payload-too-large", "The body is too large", $"At most {maxBytes} bytes are taken here.").With("limit", maxBytes);
}
