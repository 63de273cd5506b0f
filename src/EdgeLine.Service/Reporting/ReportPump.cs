namespace EdgeLine.Service.Reporting;

/// <summary>Tells the states of one line, one at a time and always the newest; what is not taken now is told later.</summary>
internal sealed class ReportPump(Delivery delivery, TimeProvider clock)
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(60);

    public async Task RunAsync(ReportFeed feed, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1);
        while (await feed.WaitToReadAsync(cancellationToken))
        {
            while (feed.TryRead(out Report? report))
            {
                // Events come from the journal, and the session tells the status itself.
                if (!report.Retained || report.Topic == Report.Status)
                {
                    continue;
                }

                if (await delivery.SendAsync(report, cancellationToken) != Delivered.Later)
                {
                    pause = TimeSpan.FromSeconds(1);
                    continue;
                }

                feed.PutBack(report);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
            }
        }
    }
}
