using EdgeLine.Devices.Gates;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <content>The gate as a witness: it reports each item that left it, keeps the newest reports over a crash of the service.</content>
internal sealed partial class VirtualLine
{
    private const int ReportPlaces = 32;

    private readonly Queue<Item> _beforeGate = new();
    private readonly Queue<LineEvent.GateReport> _untold = new();
    private readonly Queue<LineEvent.GateReport> _ring = new();

    private void ReachGate(bool all)
    {
        while (_beforeGate.TryPeek(out Item? item)
            && (all || item.Passed is not null || _now.Ms - item.ScannedMs > _settings.VerdictWithinMs))
        {
            _beforeGate.Dequeue();
            var report = new LineEvent.GateReport(item.Number, item.Passed == true ? ItemOutcome.Passed : ItemOutcome.Rejected);
            _untold.Enqueue(report);
            _ring.Enqueue(report);
            if (_ring.Count > ReportPlaces)
            {
                _ring.Dequeue();
            }
        }
    }

    private void TellReports()
    {
        while (_settings.GateReports && !_trackDown && _untold.TryDequeue(out LineEvent.GateReport? report))
        {
            Do(report);
        }
    }

    // A new process knows none of them.
    private void TellReportsAgain()
    {
        _untold.Clear();
        foreach (LineEvent.GateReport report in _ring)
        {
            _untold.Enqueue(report);
        }
    }
}
