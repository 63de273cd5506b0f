namespace EdgeLine.Service.Reporting;

/// <summary>
/// The one place that knows the newest state of every line by topic, and from which both MQTT and the operator page are
/// fed. A state that did not change is not told again; a slow reader delays nobody.
/// </summary>
public sealed class ReportBoard(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(string Line, string Topic), (byte[] Body, Report Report)> _retained = [];
    private readonly List<ReportFeed> _feeds = [];

    /// <summary>
    /// Sets the state of a topic and tells it to all feeds, stamped with the time, unless it is the same as before.
    /// </summary>
    /// <param name="lineId">The line.</param>
    /// <param name="topic">Topic below the line's base.</param>
    /// <param name="body">A JSON object without version and time.</param>
    public void Set(string lineId, string topic, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        lock (_gate)
        {
            if (_retained.TryGetValue((lineId, topic), out var before) && before.Body.AsSpan().SequenceEqual(body))
            {
                return;
            }

            var report = new Report(
                lineId, topic, Report.Stamp(body, clock.GetUtcNow().ToUnixTimeMilliseconds()), Retained: true);
            _retained[(lineId, topic)] = (body, report);
            _feeds.ForEach(feed => feed.Offer(report));
        }
    }

    /// <summary>
    /// Takes a topic away: feeds are told an empty payload, now and at the beginning of each new feed, because a broker
    /// that was away meanwhile still has the old one. Keys are few, so what is gone is remembered.
    /// </summary>
    /// <param name="lineId">The line.</param>
    /// <param name="topic">Topic below the line's base.</param>
    public void Remove(string lineId, string topic)
    {
        lock (_gate)
        {
            if (_retained.TryGetValue((lineId, topic), out var before) && before.Body.Length > 0)
            {
                Report gone = Report.Gone(lineId, topic);
                _retained[(lineId, topic)] = ([], gone);
                _feeds.ForEach(feed => feed.Offer(gone));
            }
        }
    }

    /// <summary>
    /// The broker has a state of a topic. Feeds are told that it is gone, unless it is one of ours: what a service that
    /// was killed had told would otherwise stay for ever.
    /// </summary>
    /// <param name="lineId">The line.</param>
    /// <param name="topic">Topic below the line's base.</param>
    public void Forget(string lineId, string topic)
    {
        lock (_gate)
        {
            if (!_retained.TryGetValue((lineId, topic), out var kept) || kept.Body.Length == 0)
            {
                Report gone = Report.Gone(lineId, topic);
                _retained[(lineId, topic)] = ([], gone);
                _feeds.ForEach(feed => feed.Offer(gone));
            }
        }
    }

    /// <summary>Tells an event to the feeds that exist now; it is not kept.</summary>
    public void Publish(Report happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        lock (_gate)
        {
            _feeds.ForEach(feed => feed.Offer(happened));
        }
    }

    /// <summary>The newest state of every topic, of one line or of all.</summary>
    public IReadOnlyList<Report> Snapshot(string? lineId = null)
    {
        lock (_gate)
        {
            return [.. Newest(lineId)];
        }
    }

    /// <summary>A feed that begins with the newest state of every topic; dispose it to end it.</summary>
    public ReportFeed Subscribe(string? lineId = null)
    {
        lock (_gate)
        {
            var feed = new ReportFeed(lineId, Remove);
            foreach (Report report in Newest(lineId))
            {
                feed.Offer(report);
            }

            _feeds.Add(feed);
            return feed;
        }
    }

    private IEnumerable<Report> Newest(string? lineId) => _retained.Values
        .Select(kept => kept.Report)
        .Where(report => lineId is null || report.LineId == lineId);

    private void Remove(ReportFeed feed)
    {
        lock (_gate)
        {
            _feeds.Remove(feed);
        }
    }
}
