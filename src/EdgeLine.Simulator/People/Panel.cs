using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeLine.Simulator.People;

/// <summary>
/// The operator's screen and buttons: server-sent events in, requests out. Survives the death of the service: the screen
/// goes dark and comes back by itself.
/// </summary>
internal sealed class Panel : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, PanelLine> _lines;
    private readonly Task _watching;

    public Panel(Uri address, IEnumerable<string> lines, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _lines = lines.ToDictionary(l => l, _ => new PanelLine());
        _watching = WatchAsync();
    }

    /// <summary>Called after each change, with the line and the topic; empty topic when the screen went dark.</summary>
    public event Action<string, string>? Changed;

    /// <summary>What the screen shows of a line.</summary>
    public PanelLine Line(string id) => _lines[id];

    /// <summary>Presses a button.</summary>
    public async Task<PanelAnswer> PressAsync(string line, string button, object body, CancellationToken stop)
    {
        try
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            late.CancelAfter(TimeSpan.FromSeconds(10));
            using HttpResponseMessage answer = await _http.PostAsJsonAsync($"api/lines/{line}/{button}", body, late.Token);
            string text = await answer.Content.ReadAsStringAsync(late.Token);
            JsonElement json = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
            if (answer.IsSuccessStatusCode)
            {
                return new PanelAnswer.Done(json);
            }

            string type = Text(json, "type");
            return new PanelAnswer.Refused(type[(type.LastIndexOf('/') + 1)..], Text(json, "detail"));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new PanelAnswer.Nobody();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _http.Dispose();
        _stop.Dispose();
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadEventsAsync();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                // The service is not there (yet, or any more).
            }
            catch (OperationCanceledException)
            {
                return;
            }

            foreach ((string id, PanelLine line) in _lines)
            {
                line.Darken();
                Changed?.Invoke(id, "");
            }

            try
            {
                await Task.Delay(LookAgain, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadEventsAsync()
    {
        using Stream events = await _http.GetStreamAsync("events", _stop.Token);
        using var reader = new StreamReader(events);
        while (await reader.ReadLineAsync(_stop.Token) is string row)
        {
            if (!row.StartsWith("data:", StringComparison.Ordinal))
            {
                continue;
            }

            using JsonDocument json = JsonDocument.Parse(row.AsMemory(5));
            string line = Text(json.RootElement, "line");
            string topic = Text(json.RootElement, "topic");
            if (_lines.TryGetValue(line, out PanelLine? shown) && json.RootElement.TryGetProperty("payload", out JsonElement payload))
            {
                shown.Show(topic, payload);
                Changed?.Invoke(line, topic);
            }
        }
    }
}
