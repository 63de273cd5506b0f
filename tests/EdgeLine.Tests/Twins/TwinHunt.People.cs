using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Twins;

/// <content>What goes wrong at the printer, who mends it, and who stands at the rework table.</content>
internal sealed partial class TwinHunt
{
    private static readonly PrinterFault[] Kinds =
        [PrinterFault.MediaOut, PrinterFault.RibbonOut, PrinterFault.HeadOpen, PrinterFault.PowerCycle];

    private readonly List<Item> _bin = [];
    private ReworkCard? _card;
    private long _scans;
    private Item? _atTable;
    private string _refusal = "";
    private bool _armed;
    private int _nextByte;

    public int Faults { get; private set; }

    public int Keys { get; private set; }

    public int Cuts { get; private set; }

    private void Trouble()
    {
        if (Printer.Fault is not null)
        {
            // Whoever mends it pulls at the cable too, while labels wait in the printer.
            if (_random.Chance(_day.PullWhileMending))
            {
                Cuts++;
                _cable?.Pull();
                Settle();
            }

            Mend();
            return;
        }

        _armed &= Printer.Tape.Count < _armedUntil;
        if (!_armed && _random.Chance(_day.PrinterFault))
        {
            Faults++;
            PrinterFault kind = Kinds[_random.Below(Kinds.Length)];
            int ahead = _random.Below(3);
            (_armed, _armedUntil) = (true, Printer.Tape.Count + ahead + 1);
            Printer.Arm(kind, ahead, _random.Below(500));
        }

        if (_random.Chance(_day.ReprintKey))
        {
            Keys++;
            Printer.RepeatLast();
        }

        // Each byte from the start, then the last ones from the end: a drawn code is a few bytes longer or shorter.
        bool pull = _day.EveryByte ? _driver.Last.IsReady && _nextByte <= FormatLength + LastBytes : _random.Chance(_day.CablePull);
        if (pull && _plan.CutAt is null)
        {
            Cuts++;
            _plan.CutAt = !_day.EveryByte ? _random.Below(FormatLength + 1)
                : _nextByte <= FormatLength ? _nextByte : ^(_nextByte - FormatLength - 1);
            _nextByte++;
            _plan.TakesTheRest = _random.Chance(500_000);
        }

        Settle();
    }

    private int _armedUntil;

    // Some people pull out the piece under the head and throw it away, others let the printer push it out.
    private void Mend()
    {
        if (!_random.Chance(100_000))
        {
            return;
        }

        if (_random.Chance(300_000))
        {
            Printer.TakePieceUnderHead();
        }

        Printer.Repair();
        Settle();
    }

    private void PowerIsBack()
    {
        if (!_day.Serial)
        {
            _cable?.Pull();
        }
    }

    private void Operator()
    {
        if (_core.State != PackMlState.Held || !_random.Chance(300_000))
        {
            return;
        }

        // A printer that says nothing of its troubles has swallowed labels: after bad reads a person may look for them.
        if (!_core.NeedsClearance && _random.Chance(700_000))
        {
            Tell(new LineEvent.Resume(++_commandId, "Li"));
            return;
        }

        int found = _belt.Count(i => i.Label is not null) + _web.Count;
        _belt.ForEach(i => i.Label = null);
        _web.Clear();
        Tell(new LineEvent.ClearanceDone(++_commandId, "Li", found, "cleared"));
        if (_refusal.Length > 0)
        {
            Tell(new LineEvent.ClearanceDone(++_commandId, "Li", found, "twins destroyed", Supervisor: true));
        }

        Assert.Equal("", _refusal);
        Clearances++;
    }

    private void ReworkTable()
    {
        if (_atTable is null && _bin.Count > 0 && _random.Chance(_day.Rework))
        {
            _atTable = _bin[0];
            _bin.RemoveAt(0);
            _card = null;
            if (_atTable.Label?.Readable is null)
            {
                _atTable = null;
                return;
            }

            Tell(new LineEvent.ReworkHeard(++_scans, ""));
            Tell(new LineEvent.ReworkRead(++_commandId, _scans, "Wang", ReadOf(_atTable), Typed: false));
        }

        if (_atTable is null || _card is null)
        {
            return;
        }

        if (_card.Answer == "accept")
        {
            Leave(_atTable);
        }
        else
        {
            Tell(new LineEvent.VoidAsked(++_commandId, "Wang", ReadOf(_atTable), "label-destroyed"));
        }

        (_atTable, _card) = (null, null);
    }
}
