using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Scanning;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Line;

/// <content>Scanner and gate: which frame belongs to which item, and how both come to count alike.</content>
public sealed partial class LineDevices
{
    private void Resync()
    {
        if (_gate is null)
        {
            return; // nobody else counts
        }

        _items.Lose();
        _outOfStep.Writer.TryWrite(true);
    }

    private void OnGate(GateEvent e)
    {
        switch (e)
        {
            case GateEvent.Up up:
                _loop?.Post(new LineEvent.BinFull(up.Counters.BinFull));
                (_gateConnected, _gateDetail, _toldLost) = (true, "", false);
                _items.Lose();
                _outOfStep.Writer.TryWrite(true);
                break;
            case GateEvent.Down down:
                (_gateConnected, _gateDetail) = (false, down.Reason);
                _items.Lose();
                _loop?.Post(new LineEvent.GateDown());
                break;
            case GateEvent.Left left:
                _loop?.Post(new LineEvent.GateReport(left.Report.Tag, left.Report.Outcome));
                break;
            case GateEvent.Counted counted:
                if (_items.IsAtGate(counted.Counters.LastTag))
                {
                    _loop?.Post(new LineEvent.GateSaw(counted.Counters.LastTag));
                }

                _loop?.Post(new LineEvent.BinFull(counted.Counters.BinFull));
                break;
            case GateEvent.ReportsLost lost:
                _loop?.Post(new LineEvent.GateReportsLost(lost.Count));
                if (_toldLost)
                {
                    break;
                }

                _toldLost = true;
                _log.LogWarning("Line {Line}: the gate overwrote {Count} reports before they were read; pollEveryMs is too long", _line.Id, lost.Count);
                break;
            default:
                break;
        }
    }

    // Scanner and gate count the same items only from a moment at which the belt stands and neither has anything on its
    // way. So after each connection of either: stop, wait, forget, count from one, go.
    private async Task KeepInStepAsync(ModbusGate gate, CancellationToken stop)
    {
        while (await _outOfStep.Reader.WaitToReadAsync(stop))
        {
            _outOfStep.Reader.TryRead(out _);
            if (!_gateConnected || !_scannerUp)
            {
                continue;
            }

            uint last = 0;
            GateAnswer answer = await gate.ResyncAsync(
                () =>
                {
                    _items.Lose();
                    // A gate that has counted further, for a ledger that is gone, must not meet its numbers again.
                    return last = Math.Max((uint)_items.Last, gate.Counters?.LastTag ?? 0);
                },
                stop);
            if (answer is not GateAnswer.Done || !_scannerUp)
            {
                _log.LogWarning("Line {Line}: scanner and gate are not in step: {Answer}", _line.Id, answer);
                await Task.Delay(RetrySynchronisation, _time, stop);
                _outOfStep.Writer.TryWrite(true);
                continue;
            }

            // A frame that is still on its way to the loop belongs to an item before the standstill.
            while (_scans.Behind > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), _time, stop);
            }

            _items.Synchronise(last);
            _loop!.Post(new LineEvent.GateUp());
            await gate.LampAsync(_lamp, stop);
            await gate.StopRequestAsync(_stopWanted, stop);
        }
    }

    // The gate is asked after each frame. When its triggers are exactly the frames that were heard before the question, no
    // frame is missing up to there. More triggers: the next item is at the scanner already, or a frame was swallowed.
    private async Task KeepCountedAsync(ModbusGate gate, CancellationToken stop)
    {
        await using ITimer again = _time.CreateTimer(_ => _toCount.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (await _toCount.Reader.WaitToReadAsync(stop))
        {
            _toCount.Reader.TryRead(out _);
            long heard = _items.Last;
            if (!_items.IsAtGate(heard) || await gate.ReadLastTagAsync(stop) is not { } counted)
            {
                continue;
            }

            if (counted == heard)
            {
                _loop!.Post(new LineEvent.CountedAlike(heard));
            }
            else
            {
                again.Change(counted < heard ? GateIsBehind : _line.Gate!.Profile.Timings.PollEvery, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async ValueTask OnScannerAsync(ScannerEvent e)
    {
        switch (e)
        {
            case ScannerEvent.Frame frame when frame.Generation == _scanner.Generation && _items.Next() is long item and > 0:
                // The frame goes first; the gate is asked while the disk syncs.
                ValueTask posted = _loop!.PostFrameAsync(item, frame.Payloads);
                _toCount.Writer.TryWrite(true);
                await posted;
                break;
            case ScannerEvent.NoRead or ScannerEvent.Garbled when _items.Next() is long item and > 0:
                _toCount.Writer.TryWrite(true);
                await _loop!.PostAsync(new LineEvent.NoRead(item));
                break;
            case ScannerEvent.Up:
                (_scannerUp, _scannerDetail) = (true, "");
                await _loop!.PostAsync(new LineEvent.ScannerUp());
                _outOfStep.Writer.TryWrite(true);
                break;
            case ScannerEvent.Down down:
                (_scannerUp, _scannerDetail) = (false, down.Reason);
                if (_gate is not null)
                {
                    _items.Lose();
                    _ = _gate.StopRequestAsync(true, CancellationToken.None);
                }

                await _loop!.PostAsync(new LineEvent.ScannerDown());
                break;
            default:
                break;
        }
    }

    private void OnRework(ScannerEvent e)
    {
        if (e is ScannerEvent.Frame { Payloads: [string text, ..] })
        {
            _reworkScans.Writer.TryWrite((_loop!.HearRework(text), text));
        }
    }

    // While the ledger is asked about one label, only the newest of those that come meanwhile can still have an answer.
    private async Task AnswerReworkAsync(CancellationToken stop)
    {
        await foreach ((long scan, string text) in _reworkScans.Reader.ReadAllAsync(stop))
        {
            await _loop!.ReworkAsync(scan, text, "rework-scanner", typed: false);
        }
    }
}
