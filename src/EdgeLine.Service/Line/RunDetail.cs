using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>How a run's order is written into its journal entry, so that the journal alone tells what was run.</summary>
public static class RunDetail
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Order, batch and product as one line of JSON that fits a journal text: the words that people read are cut where they
    /// are longer, order and batch themselves never.
    /// </summary>
    public static string Of(RunOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        (int number, int product) = (order.BatchNumber.Length, Math.Min(60, order.Product.Length));
        while (true)
        {
            string detail = JsonSerializer.Serialize(new Written(order.OrderId, order.BatchId, order.BatchNumber[..number], order.Product[..product]), Json);
            if ((number, product) is (0, 0) || Encoding.UTF8.GetByteCount(detail) <= JournalLeaf.MaxTextBytes)
            {
                return detail;
            }

            (number, product) = number > 40 || product == 0 ? (number - 1, product) : (number, product - 1);
        }
    }

    /// <summary>The order that an entry tells of.</summary>
    public static RunOrder Read(string runId, long target, string detail)
    {
        Written w = JsonSerializer.Deserialize<Written>(detail, Json) ?? throw new FormatException("A run entry without its order.");
        return new RunOrder(runId, w.O, w.B, w.N, w.P, checked((int)target));
    }

    private sealed record Written(string O, string B, string N, string P);
}
