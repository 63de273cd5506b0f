using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <content>
/// What makes items and frames differ in number: hands on the belt, a chattering eye, a scanner that swallows a frame. The
/// gate counts triggers; the service numbers frames, and a verdict opens the gate for the trigger of its number.
/// </content>
internal sealed partial class VirtualLine
{
    private readonly List<Item> _takenOff = [];
    private long _standsUntilMs;
    private long _frames;
    private bool _resync;

    /// <summary>Triggers that belong to no item of their own.</summary>
    public long Chattered { get; private set; }

    public long FramesLost { get; private set; }

    public long Silences { get; private set; }

    private void Hands()
    {
        if (_random.Planned(_faults.Inserted))
        {
            _belt.Insert(_random.Below(_belt.Count), new Item());
        }

        if (_belt.Count > 0 && _random.Planned(_faults.Removed))
        {
            int at = _random.Below(_belt.Count);
            _takenOff.Add(_belt[at]);
            _belt.RemoveAt(at);
        }

        if (_takenOff.Count > 0 && _random.Chance(100_000))
        {
            if (_random.Chance(500_000))
            {
                _belt.Insert(_random.Below(_belt.Count + 1), _takenOff[0]);
            }

            _takenOff.RemoveAt(0);
        }
    }

    // The item is still there when the eye fires again.
    private void Chatter(Item item)
    {
        for (int i = _random.Planned(_faults.Chatter) ? 1 + _random.Below(2) : 0; i > 0; i--)
        {
            Chattered++;
            At(_now.Ms + 1 + _random.Below(10));
            Trigger(new Item { Ghost = true }, item);
        }
    }

    // One trigger: the gate counts it, and the scanner says what it saw, or fails to.
    private void Trigger(Item counted, Item seen)
    {
        ItemsScanned++;
        (counted.Number, counted.ScannedMs) = (ItemsScanned, _now.Ms);
        _scanned[counted.Number] = counted;
        _beforeGate.Enqueue(counted);
        if (_faults.FrameLost > 0)
        {
            Do(new LineEvent.GateSaw(counted.Number));
        }

        if (_random.Planned(_faults.FrameLost))
        {
            FramesLost++;
            return;
        }

        long number = ++_frames;
        if (seen.Labels.Count == 0 || _random.Chance(_faults.NoRead))
        {
            Do(new LineEvent.NoRead(number));
            Compare(1_000_000);
            return;
        }

        string? run = _core.Run?.RunId;
        List<CodeRead> reads = seen.Labels.ConvertAll(c => Ledger.ReadOf(c, run));
        if (_random.Chance(_faults.CartonCode))
        {
            reads.Insert(_random.Below(reads.Count + 1), new CodeRead(ReadKind.Other, default, default, false));
        }

        counted.MustPass = !counted.Ghost && IsGood(seen);
        Do(new LineEvent.FrameRead(number, reads));
        Compare(800_000);
    }

    // The shell asks the gate how many triggers it counted, and now and then the next item is quicker than the answer.
    private void Compare(int oftenPerMillion)
    {
        if (_settings.GateCounts && !_trackDown && _frames == ItemsScanned && _random.Chance(oftenPerMillion))
        {
            Do(new LineEvent.CountedAlike(_frames));
        }
    }

    // Scanner and gate count alike again, from a standstill: nothing that was scanned gets its verdict any more.
    private void CountAnew()
    {
        LoseScanned();
        ReachGate(all: true);
        (_frames, _resync) = (ItemsScanned, false);
        Silences++;
        if (!_trackDown)
        {
            Do(new LineEvent.GateUp());
        }
    }
}
