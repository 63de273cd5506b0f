using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Access;

/// <summary>Roles that an endpoint is open to.</summary>
internal sealed record RolesNeeded(Role Any);

/// <summary>
/// Stands in front of everything under /api. An endpoint that does not say who may call it is closed to all, so that
/// a forgotten declaration is a locked door and not an open one.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, CredentialRegister credentials)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // What routing answers by itself, such as a wrong method, is no endpoint of ours.
        if (http.GetEndpoint() is not RouteEndpoint endpoint || !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        RolesNeeded? needed = endpoint.Metadata.GetMetadata<RolesNeeded>();
        if (needed is { Any: Role.Anyone })
        {
            await next(http);
            return;
        }

        if (CallerOf(http.Request) is not { } caller)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await Answer.WriteAsync(http, new Problem(401, ProblemTypes.DeviceUnknown, "Who is asking?",
                "Send 'Authorization: Bearer' with a token that this platform has issued."));
            return;
        }

        if (needed is null || !caller.Is(needed.Any))
        {
            await Answer.WriteAsync(http, new Problem(403, ProblemTypes.RoleMissing, "Not with this role",
                $"{caller.Name} has the role {caller.Roles}; this needs {needed?.Any.ToString() ?? "a role that nobody has"}."));
            return;
        }

        http.Items[typeof(Caller)] = caller;
        await next(http);
    }

    private Caller? CallerOf(HttpRequest request) => request.ShownToken() is { } token ? credentials.Find(token) : null;
}

/// <summary>How endpoints say who may call them, and learn who does.</summary>
internal static class Access
{
    /// <summary>Opens an endpoint to callers with one of these roles.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, Role any)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RolesNeeded(any));

    /// <summary>The token that a request shows, known or not; null when it shows none.</summary>
    public static string? ShownToken(this HttpRequest request)
    {
        const string scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }

    /// <summary>The caller that the gate let in.</summary>
    public static Caller Caller(this HttpContext http) => (Caller)http.Items[typeof(Caller)]!;
}
