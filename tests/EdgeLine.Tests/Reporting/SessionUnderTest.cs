using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Tests.Reporting;

/// <summary>One running session with its board and journal. What a test sets is what it is about.</summary>
internal sealed class SessionUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<JournalEntry> _journal = [];
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    public SessionUnderTest(Uri broker, TimeProvider clock, Func<MqttSettings, MqttSettings>? with = null, long deliveredThrough = 0)
    {
        Clock = clock;
        Board = new ReportBoard(clock);
        var settings = new MqttSettings
        {
            LineId = "line-1",
            BaseTopic = MqttSettings.BaseTopicOf("kesiyi/changsha/packing", "line-1"),
            Broker = broker,
            ClientId = MqttSettings.ClientIdOf("kesiyi/changsha/packing", "line-1", "pc-7"),

            // These tests are not about it, and a clock that runs ahead of the sockets must not end connections.
            KeepAlivePeriod = TimeSpan.FromHours(1),
        };
        Saved = deliveredThrough;
        Session = new MqttSession(
            with is null ? settings : with(settings),
            Board,
            new JournalCursor(deliveredThrough, () => Head, ReadAsync, SaveAsync),
            Pictures.Identity,
            clock,
            NullLogger<MqttSession>.Instance,
            jitter: () => 0.5);
    }

    public const string Base = "kesiyi/changsha/packing/line-1/edgeline";

    public TimeProvider Clock { get; }

    public ReportBoard Board { get; }

    public MqttSession Session { get; }

    public long Saved { get; private set; }

    public Exception? JournalTrouble { get; set; }

    private long Head
    {
        get
        {
            lock (_gate)
            {
                return _journal.Count;
            }
        }
    }

    public SessionUnderTest Start()
    {
        _running = Session.RunAsync(_stop.Token);
        return this;
    }

    public void Happens(JournalKind kind, string detail = "")
    {
        lock (_gate)
        {
            _journal.Add(Pictures.Entry(_journal.Count + 1, kind, detail: detail));
        }
    }

    public void Set(string topic, string value) => Board.Set("line-1", topic, Encoding.UTF8.GetBytes($"{{\"x\":\"{value}\"}}"));

    /// <summary>Lets this clock run until the condition holds.</summary>
    public Task Until(Func<bool> condition, double stepSeconds = 0.25) => Clock is HandClock hand
        ? hand.AdvanceUntil(condition, TimeSpan.FromSeconds(stepSeconds), TimeSpan.FromMinutes(10))
        : Waiting.Until(condition, () => Session.Facts.ToString());

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        while (!_running.IsCompleted)
        {
            (Clock as HandClock)?.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(_running, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int most, CancellationToken cancellationToken)
    {
        if (JournalTrouble is { } trouble)
        {
            throw trouble;
        }

        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Skip((int)after).Take(most)]);
        }
    }

    private Task SaveAsync(long seq)
    {
        Saved = seq;
        return Task.CompletedTask;
    }
}

/// <summary>Waiting for something real, with a deadline.</summary>
internal static class Waiting
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(40);

    public static async Task Until(Func<bool> condition, Func<string>? instead = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < _limit,
                $"It did not happen within {_limit}. {instead?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
