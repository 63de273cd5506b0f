using System.Text.Json;

namespace EdgeLine.Service.Line;

/// <summary>How a run's order is written into its journal entry, so that the journal alone tells what was run.</summary>
public static class RunDetail
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Order, batch and product as one line of JSON; the product is cut to fit a journal text.</summary>
    public static string Of(RunOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        string product = order.Product.Length > 60 ? order.Product[..60] : order.Product;
        return JsonSerializer.Serialize(new Written(order.OrderId, order.BatchId, order.BatchNumber, product), Json);
    }

    /// <summary>The order that an entry tells of.</summary>
    public static RunOrder Read(string runId, long target, string detail)
    {
        Written w = JsonSerializer.Deserialize<Written>(detail, Json) ?? throw new FormatException("A run entry without its order.");
        return new RunOrder(runId, w.O, w.B, w.N, w.P, checked((int)target));
    }

    private sealed record Written(string O, string B, string N, string P);
}
