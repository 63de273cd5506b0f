using System.Text.Json;
using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Reads the line's own status topic back. A Will that arrives late, or anybody's empty message, would leave a running
/// line offline for every dashboard: it is put right, at most once a second.
/// </summary>
internal sealed class StatusWatch(Identity identity, Delivery delivery, TimeProvider clock)
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);

    /// <summary>True when a status came back that another start of the service wrote, saying it is online.</summary>
    public bool OtherWriter { get; private set; }

    /// <summary>True when the broker lets us read the topic.</summary>
    public bool Reads { get; set; }

    public async Task TakeAsync(MqttInbound inbound, Func<Report> online, CancellationToken cancellationToken)
    {
        bool heal = Offline(inbound.Message.Payload);
        await delivery.Connection.AcknowledgeAsync(inbound, cancellationToken);
        if (heal)
        {
            await delivery.SendAsync(online(), cancellationToken);
            await Task.Delay(_between, clock, cancellationToken);
        }
    }

    private bool Offline(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument status = JsonDocument.Parse(payload);
            string? state = status.RootElement.GetProperty("state").GetString();
            string? boot = status.RootElement.GetProperty("boot").GetString();
            OtherWriter |= state == "online" && boot != identity.Boot;
            return state != "online";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return true;
        }
    }
}
