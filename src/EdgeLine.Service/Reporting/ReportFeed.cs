using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// What one reader of the board has not read yet. It holds at most one state of each topic, the newest, and at most
/// 256 events, of which the oldest are dropped and counted: a slow reader misses steps in between, never the present.
/// </summary>
public sealed class ReportFeed : ChannelReader<Report>, IDisposable
{
    private const int EventsMax = 256;

    private readonly Lock _gate = new();
    private readonly string? _lineId;
    private readonly Action<ReportFeed> _remove;
    private readonly OrderedDictionary<(string Line, string Topic), Report> _states = [];
    private readonly Queue<Report> _events = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal ReportFeed(string? lineId, Action<ReportFeed> remove)
    {
        _lineId = lineId;
        _remove = remove;
    }

    /// <summary>Events that were dropped because the reader was too slow.</summary>
    public long EventsDropped { get; private set; }

    /// <inheritdoc />
    public override bool TryRead([MaybeNullWhen(false)] out Report item)
    {
        lock (_gate)
        {
            if (_states.Count > 0)
            {
                item = _states.GetAt(0).Value;
                _states.RemoveAt(0);
                return true;
            }

            return _events.TryDequeue(out item);
        }
    }

    /// <inheritdoc />
    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (!HasNews())
        {
            if (!await _news.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            _news.Reader.TryRead(out _);
        }

        return true;
    }

    /// <summary>Gives back a state that could not be delivered now; a newer one that came meanwhile wins.</summary>
    public void PutBack(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_gate)
        {
            _states.TryAdd((report.LineId, report.Topic), report);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Ends the feed: nothing more is offered to it.</summary>
    public void Dispose()
    {
        _remove(this);
        _news.Writer.TryComplete();
    }

    internal void Offer(Report report)
    {
        if (_lineId is not null && report.LineId != _lineId)
        {
            return;
        }

        lock (_gate)
        {
            if (report.Retained)
            {
                _states[(report.LineId, report.Topic)] = report;
            }
            else
            {
                _events.Enqueue(report);
                if (_events.Count > EventsMax)
                {
                    _events.Dequeue();
                    EventsDropped++;
                }
            }
        }

        _news.Writer.TryWrite(true);
    }

    private bool HasNews()
    {
        lock (_gate)
        {
            return _states.Count > 0 || _events.Count > 0;
        }
    }
}
