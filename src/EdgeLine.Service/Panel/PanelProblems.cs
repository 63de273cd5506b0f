using Microsoft.AspNetCore.Http;

namespace EdgeLine.Service.Panel;

/// <summary>Refusals as problem details (RFC 9457): the last part of the type is the stable key that pages have words for.</summary>
internal static class PanelProblems
{
    /// <summary>A refusal with its key.</summary>
    public static IResult Of(string key, string detail, int? status = null) => Results.Problem(
        detail, statusCode: status ?? StatusOf(key), type: "https://edgeline.invalid/problems/" + key, title: key);

    private static int StatusOf(string key) => key switch
    {
        "needs-sign-in" or "sign-in-refused" => StatusCodes.Status401Unauthorized,
        "role-missing" => StatusCodes.Status403Forbidden,
        "locked-out" => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status409Conflict,
    };
}
