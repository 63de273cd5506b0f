using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <content>What goes wrong, the operator who mends it, and the shell between core and devices.</content>
internal sealed partial class VirtualLine
{
    private void Faults()
    {
        if (_random.Chance(_faults.Crash))
        {
            Crash();
        }

        if (!_printerDown && _random.Chance(_faults.PrinterFault))
        {
            (_printerDown, _printerBackMs) = (true, _now.Ms + _random.Below(60_000));
            Do(new LineEvent.PrinterFault("printer-media-out"));
        }
        else if (_printerDown && _now.Ms >= _printerBackMs)
        {
            _printerDown = false;
            Do(new LineEvent.PrinterReady(1));
        }

        if (!_trackDown && _random.Chance(_faults.TrackDown))
        {
            (_trackDown, _trackBackMs) = (true, _now.Ms + _random.Below(5_000));
            LoseScanned();
            ReachGate(all: true);
            Do(new LineEvent.GateDown());
        }
        else if (_trackDown && _now.Ms >= _trackBackMs)
        {
            _trackDown = false;
            TellReports();
            _frames = ItemsScanned;
            Do(new LineEvent.GateUp());
        }
    }

    // Power is cut: what is on the disk stays, items at the gate are rejected, the printer and the belt keep what they have.
    private void Crash()
    {
        Crashes++;
        for (int kept = _random.Below(_disk.Count + 1); kept > 0; kept--)
        {
            Commit(_disk.Dequeue().Journal);
        }

        List<CertificateCode> unwritten = [.. _disk.SelectMany(d => d.Journal.Entries).Where(e => e.Reason == "label-destroyed").Select(e => e.Code.Code)];
        _disk.Clear();
        LoseScanned();
        ReachGate(all: true);
        TellReportsAgain();
        BackIntoBin();
        _answersLost.UnionWith(_bin.SelectMany(i => i.Labels).Where(c => !_gone.Contains(c) && Ledger.ReadOf(c, null).State == CodeState.Verified));
        (_stopRequested, _resync, _frames) = (false, false, ItemsScanned);
        _core = new PackagingLine(_settings, Ledger.Memory());
        Do(new LineEvent.Begin());
        if (!_printerDown)
        {
            Do(new LineEvent.PrinterReady(1));
        }

        Do(new LineEvent.ScannerUp());
        if (!_trackDown)
        {
            TellReports();
            Do(new LineEvent.GateUp());
        }

        // Whoever destroyed a label looks after a power cut whether its code was withdrawn.
        unwritten.ForEach(Destroy);
    }

    private void Operator()
    {
        // Not at once: the belt coasts a little, and people take their time.
        if (_core.State != PackMlState.Held || _coasting > 0 || !_random.Chance(300_000))
        {
            return;
        }

        if (_core.NeedsClearance)
        {
            Clear();
        }
        else
        {
            Resumes++;
            Do(new LineEvent.Resume(++_commandId, "Li"));
        }
    }

    private void Clear()
    {
        if (_random.Planned(_faults.Overlooked) && _belt.Find(i => i.Labels.Count > 0) is { } overlooked)
        {
            _strays.Enqueue((overlooked.Labels[0], _items + 1));
            overlooked.Labels.RemoveAt(0);
        }

        int found = _belt.Sum(i => i.Labels.Count);
        _belt.ForEach(i => i.Labels.Clear());
        _printer.Clear();
        long asked = ++_commandId;
        Do(new LineEvent.ClearanceDone(asked, "Li", found, "cleared"));
        if (_refusal.Length > 0)
        {
            // More labels than codes: a person looks for the reason, then says how many belong to this line.
            Assert.True(_faults.MayBringMoreLabels, $"A person counted {found} labels, the line allows {_core.ClearanceMax}.");
            Do(new LineEvent.ClearanceDone(++_commandId, "Li", _core.ClearanceMax, "twins destroyed"));
        }

        Assert.Equal("", _refusal);
        Clearances++;
    }

    private void DevicesUp()
    {
        Do(new LineEvent.ScannerUp());
        Do(new LineEvent.GateUp());
        Do(new LineEvent.PrinterReady(1));
    }

    private void Commit(LineEffect.Journal journal)
    {
        foreach (LineEntry entry in journal.Entries)
        {
            Ledger.Write(entry, _now.WallMs);
        }
    }

    private void Do(LineEvent e)
    {
        LineEffect[] effects = [.. _core.Apply(_now, e)];
        foreach (LineEffect effect in effects)
        {
            switch (effect)
            {
                case LineEffect.Journal journal: _disk.Enqueue((journal, Math.Max(_now.Ms + DiskMs(), _disk.Count > 0 ? _disk.Last().DueMs : 0))); break;
                case LineEffect.Send send: Print(send.Code); break;
                case LineEffect.Verdict verdict: OnVerdict(verdict); break;
                case LineEffect.StopRequest stop: (_stopRequested, _coasting) = (stop.On, stop.On ? _random.Below(6) : 0); break;
                case LineEffect.PrinterCancel: _printer.Clear(); break;
                case LineEffect.Resync: _resync = true; break;
                case LineEffect.AskCodes ask: Supply(ask); break;
                case LineEffect.Tell tell: _card = tell.Card.IsAnswer ? tell.Card : null; break;
                case LineEffect.Answer answer: _refusal = answer.Refused; break;
                default: break;
            }
        }
    }

    private int DiskMs() => _random.Chance(_faults.SlowDisk) ? _random.Below(3 * _settings.VerdictWithinMs) : _random.Below(_settings.VerdictWithinMs / 4);

    private void Print(CodeRef code)
    {
        Assert.Equal(CodeState.Printing, Ledger.RowOf(code.Code).State);
        Assert.True(_sent.Add(code.Code), $"Code {code.Code} is sent a second time.");
        if (_random.Chance(_faults.SendFails))
        {
            bool left = _random.Chance(500_000);
            if (left && _random.Chance(500_000))
            {
                _printer.Enqueue(code);
            }

            if (!left)
            {
                _sent.Remove(code.Code);
            }

            Do(new LineEvent.SendEnded(code, left ? SendResult.Unknown : SendResult.NotOneByte));
            (_printerDown, _printerBackMs) = (true, _now.Ms + 500);
            return;
        }

        _printer.Enqueue(code);
    }

    private void Supply(LineEffect.AskCodes ask)
    {
        LineEvent.CodesSupplied codes = Ledger.Supply("order-1", ask.AfterId, ask.Count);
        Do(codes.Codes.Count > 0 ? codes : new LineEvent.CodesUnavailable("no-codes"));
    }
}
