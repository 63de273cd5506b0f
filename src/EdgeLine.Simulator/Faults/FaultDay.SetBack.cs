using EdgeLine.Simulator.Faults.Disk;

namespace EdgeLine.Simulator.Faults;

/// <content>Somebody sets the line PC back to a copy of its whole disk: the line must lock itself before its next label.</content>
internal sealed partial class FaultDay
{
    private const int CopyBeforeMs = 10_000, WatchedMs = 60_000;

    private DiskCopy? _copy;
    private long _labelsAtCopy;

    /// <summary>The line goes on from a past that is over.</summary>
    public bool WasSetBack { get; private set; }

    /// <summary>Labels that were printed after the copy was made: the past that was lost.</summary>
    public long LabelsLost { get; private set; }

    private void PlanSetBack()
    {
        if (_plan.SetBackAtSecond > 0)
        {
            _clock.InMs((_plan.SetBackAtSecond * 1_000L) - CopyBeforeMs, () => (_copy, _labelsAtCopy) = (_disk.Copy(), Oracle.Labels));
            _clock.InMs(_plan.SetBackAtSecond * 1_000L, SetBack);
        }
    }

    private void SetBack()
    {
        Oracle.Note($"set back");
        EndService();
        _disk.PutBack(_copy!);
        (WasSetBack, LabelsLost) = (true, Oracle.Labels - _labelsAtCopy);
        // What the copy cannot have is missing on purpose; that no code goes out again is what is looked at from here on.
        Oracle.SentSince.Clear();
        Oracle.PassedSince.Clear();
        StartService();
        _clock.InMs(WatchedMs, EndWatch);
    }

    private void EndWatch()
    {
        // It may just have been killed: the next one has to have heard of it, too.
        if (_service is not { LookedAt: true })
        {
            _clock.InMs(LookMs, EndWatch);
            return;
        }

        _done = true;
        if (LabelsLost > 0 && _service is not { Locked: true })
        {
            Oracle.Violated("I7: the line goes on from a past that is over");
        }
    }
}
