using System.Text;
using EdgeLine.Service.Reporting;
using Microsoft.AspNetCore.Http;

namespace EdgeLine.Service.Panel;

/// <summary>
/// Server-sent events with the very topic and payload pairs of MQTT: first every newest state, then changes. A slow
/// browser gets fewer steps, never an old state last.
/// </summary>
public static class ServerSentEvents
{
    /// <summary>Writes until the browser goes away.</summary>
    public static async Task WriteAsync(HttpContext context, ReportBoard board, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(board);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        CancellationToken gone = either.Token;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using ReportFeed feed = board.Subscribe();
        try
        {
            while (await feed.WaitToReadAsync(gone))
            {
                while (feed.TryRead(out Report? report))
                {
                    // The page lives on the list of alarms; that one of them is gone is for the broker.
                    if (report.Payload.IsEmpty)
                    {
                        continue;
                    }

                    string head = $"data: {{\"topic\":\"{report.Topic}\",\"line\":\"{report.LineId}\",\"payload\":";
                    await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(head), gone);
                    await context.Response.Body.WriteAsync(report.Payload, gone);
                    await context.Response.Body.WriteAsync("}\n\n"u8.ToArray(), gone);
                }

                await context.Response.Body.FlushAsync(gone);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser went away, or the service stops.
        }
    }
}
