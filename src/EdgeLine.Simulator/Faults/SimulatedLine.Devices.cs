using EdgeLine.Service.Line;

namespace EdgeLine.Simulator.Faults;

/// <content>Printer and links, and what goes wrong with them.</content>
internal sealed partial class SimulatedLine
{
    /// <summary>What may happen to the devices in this pitch.</summary>
    public void Trouble()
    {
        if (!_printerDown && Happens(Mix.PrinterFault))
        {
            PrinterStops("printer-media-out");
        }
        else if (!_printerDown && Happens(Mix.PrinterPower))
        {
            _printer.Clear();
            _epoch++;
            PrinterStops("printer-down");
        }

        if (!_trackDown && Happens(Mix.TrackDown))
        {
            oracle.Note($"scanner and gate away");
            _trackDown = true;
            LoseScanned();
            ReachGate(all: true);
            Service?.Post(new LineEvent.GateDown());
            clock.InMs(random.Below(5_000), TrackBack);
        }
    }

    /// <summary>Everything that is broken is mended now.</summary>
    public void Mend()
    {
        // What is in the bin keeps its place in the order until somebody shows it at the rework table.
        Mix = new FaultMix { Rework = 300_000 };
        _strays.Clear();
        PrinterBack();
        TrackBack();
    }

    private void PrinterStops(string reason)
    {
        oracle.Note($"printer {reason}");
        _printerDown = true;
        Service?.Post(new LineEvent.PrinterFault(reason));
        clock.InMs(500 + random.Below(20_000), PrinterBack);
    }

    private void PrinterBack()
    {
        if (_printerDown)
        {
            oracle.Note($"printer back");
            _printerDown = false;
            Service?.Post(new LineEvent.PrinterReady(_epoch));
        }
    }

    private void TrackBack()
    {
        if (_trackDown)
        {
            oracle.Note($"scanner and gate back");
            _trackDown = false;
            TellReports();
            _frames = _triggers;
            Service?.Post(new LineEvent.GateUp());
        }
    }

    private ValueTask<SendResult> Send(CodeRef code)
    {
        if (Happens(Mix.SendFails))
        {
            // The link broke: before the first byte, or nobody knows where.
            bool left = random.Below(2) == 0;
            oracle.Sent(code.Code);
            if (!left)
            {
                oracle.NotSent(code.Code);
            }
            else if (random.Below(2) == 0)
            {
                _printer.Enqueue(code.Code);
            }

            PrinterStops("printer-down");
            return new(left ? SendResult.Unknown : SendResult.NotOneByte);
        }

        if (_printerDown)
        {
            return new(SendResult.NotOneByte);
        }

        oracle.Sent(code.Code);
        _printer.Enqueue(code.Code);
        return new(SendResult.Written);
    }
}
