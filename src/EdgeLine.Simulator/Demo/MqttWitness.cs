using System.Text.Json;
using EdgeLine.Mqtt;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// Another program on the broker: keeps the newest counts of each line and how many run events came. Knows nothing but
/// what the broker hands out.
/// </summary>
internal sealed class MqttWitness : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonElement> _counts = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly Task _listening;

    public MqttWitness(int port)
    {
        _port = port;
        _listening = ListenAsync();
    }

    /// <summary>The newest counts of a line, or null.</summary>
    public JsonElement? Counts(string line)
    {
        lock (_lock)
        {
            return _counts.TryGetValue(line, out JsonElement counts) ? counts : null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await HearAsync();
                await Task.Delay(LookAgain, TimeProvider.System, _stop.Token);
            }
            catch (MqttConnectionException)
            {
                // The broker is away; its retained state comes with the next subscription.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HearAsync()
    {
        var options = new MqttConnectOptions { Host = "127.0.0.1", Port = _port, ClientId = "edgeline-demo-witness" };
        await using MqttConnection connection = await MqttConnection.OpenAsync(options, TimeProvider.System, _stop.Token);
        await connection.SubscribeAsync([new MqttTopicFilter($"{SiteFile.Topic}/+/edgeline/counts")], _stop.Token);
        while (await connection.Inbound.WaitToReadAsync(_stop.Token))
        {
            while (connection.Inbound.TryRead(out MqttInbound? inbound))
            {
                Keep(inbound.Message);
                await connection.AcknowledgeAsync(inbound, _stop.Token);
            }
        }
    }

    private void Keep(MqttMessage message)
    {
        string line = message.Topic[(SiteFile.Topic.Length + 1)..].Split('/')[0];
        try
        {
            using JsonDocument json = JsonDocument.Parse(message.Payload);
            lock (_lock)
            {
                _counts[line] = json.RootElement.Clone();
            }
        }
        catch (JsonException)
        {
            // Shows up as counts that do not agree.
        }
    }
}
