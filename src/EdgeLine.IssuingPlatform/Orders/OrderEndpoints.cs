using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Orders;

/// <summary>The addresses for orders and the work list.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder routes, OrderRegister orders)
    {
        routes.MapPost("/api/v1/orders", (Delegate)((HttpContext http) => Answer.WithBody<OrderRequest, Order>(
            http, body => orders.Create(http.Caller(), body), o => Answer.Created($"/api/v1/orders/{o.OrderId}", o)))).For(Role.Qa);
        routes.MapGet("/api/v1/lines/{lineId}/work", (HttpContext http, string lineId) =>
            Answer.Of(http.Caller().MaySee(lineId) ? orders.WorkOf(lineId) : NotYourLine(http.Caller(), lineId)))
            .For(Role.Device | Role.Qa | Role.Regulator);
    }

    /// <summary>403: a device asks for another line. 409: for one that another PC has been enrolled for.</summary>
    public static Problem NotYourLine(Caller caller, string lineId) => caller.WasReplacedAt(lineId)
        ? Problem.Conflict(ProblemTypes.LedgerNotCurrent, "Another PC has this line",
            $"Another PC was enrolled for {Problem.Shown(lineId)} in place of this one. Stop this PC, or enrol the line here again.")
        : new Problem(403, ProblemTypes.RoleMissing, "Not your line", $"This token belongs to {caller.Line}, not to {Problem.Shown(lineId)}.");
}
