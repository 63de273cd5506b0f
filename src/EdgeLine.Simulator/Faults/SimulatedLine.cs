using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;
using EdgeLine.Service.Line;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// A print-and-apply line as it physically is: labels in a printer's memory, items on a belt, a scanner, a gate that rejects
/// by default. It goes on when the service dies, and it knows what is on each item.
/// </summary>
internal sealed partial class SimulatedLine(
    VirtualClock clock, SeededRandom random, FaultOracle oracle, LineSettings settings, Mutation mutation)
{
    /// <summary>Items that a gate keeps reports of.</summary>
    private const int ReportPlaces = 32;

    /// <summary>Items that still come when the gate's watchdog has stopped the belt.</summary>
    private const int CoastingItems = 5;

    private readonly Queue<CertificateCode> _printer = new();
    private readonly List<Item> _belt = [];
    private readonly Dictionary<long, Item> _scanned = [];
    private readonly Queue<Item> _beforeGate = new();
    private readonly Queue<LineEvent.GateReport> _untold = new();
    private readonly Queue<LineEvent.GateReport> _ring = new();
    private readonly Queue<(CertificateCode Code, long DueItem)> _strays = new();
    private CodeCarrier _carrier = CodeCarrier.ShortUrl("hgz.example");
    private long _items;
    private long _triggers;
    private long _frames;
    private long _epoch = 1;
    private bool _stopRequested;
    private bool _resync;
    private int _coasting;
    private bool _printerDown;
    private bool _trackDown;

    /// <summary>The program that runs the line now, or null while there is none.</summary>
    public SimulatedService? Service { get; private set; }

    /// <summary>What goes wrong now.</summary>
    public FaultMix Mix { get; set; } = new();

    public bool BeltIsOff { get; set; }

    /// <summary>When the first lease ends, milliseconds since the world began; 0 before there is one.</summary>
    public long FirstLeaseEndsMs { get; private set; }

    /// <summary>What the service can do to the line.</summary>
    public LineOutputs Outputs => new()
    {
        PrepareLabel = manifest =>
        {
            _carrier = CodeCarrier.FromTemplate(manifest.UrlTemplate);
            FirstLeaseEndsMs = FirstLeaseEndsMs > 0 ? FirstLeaseEndsMs : manifest.ExpiresAtUnixMs - ProcessTime.Epoch.ToUnixTimeMilliseconds();
            return "";
        },
        Send = Send,
        FeedBlanks = _ => { },
        Verdict = OnVerdict,
        StopRequest = on => (_stopRequested, _coasting) = (on, on ? random.Below(CoastingItems + 1) : 0),
        Lamp = _ => { },
        Resync = () => _resync = true,
        RunEnded = () => { },
        PrinterCancel = _printer.Clear,
    };

    /// <summary>A program is there: its devices answer.</summary>
    public void Connect(SimulatedService service)
    {
        (Service, _stopRequested, _resync, _frames) = (service, false, false, _triggers);
        _untold.Clear();
        foreach (LineEvent.GateReport report in _ring)
        {
            _untold.Enqueue(report);
        }

        if (!_printerDown)
        {
            service.Post(new LineEvent.PrinterReady(_epoch));
        }

        if (mutation == Mutation.ReprintInDoubt)
        {
            foreach (CodeRef code in service.Found)
            {
                _printer.Enqueue(code.Code);
            }
        }

        service.Post(new LineEvent.ScannerUp());
        if (!_trackDown)
        {
            TellReports();
            service.Post(new LineEvent.GateUp());
        }
    }

    /// <summary>The program is gone: what is at the gate is rejected, and its watchdog stops the belt.</summary>
    public void Disconnect()
    {
        Service = null;
        _coasting = CoastingItems;
        LoseScanned();
        ReachGate(all: true);
        ForgetPeople();
    }

    /// <summary>One pitch of the belt.</summary>
    public void Step()
    {
        if (_resync)
        {
            CountAnew();
        }

        bool stands = _stopRequested || Service is null;
        if (!BeltIsOff && (!stands || _coasting-- > 0))
        {
            Move();
        }

        ReachGate(all: false);
        TellReports();
        People();
    }

    private bool Happens(int inAMillion) => inAMillion > 0 && random.Below(1_000_000) < inAMillion;

    // One item reaches the applicator, one the scanner.
    private void Move()
    {
        var item = new Item();
        Apply(item);
        _belt.Add(item);
        if (_belt.Count > 1 && Happens(Mix.SwappedPair))
        {
            (_belt[^1], _belt[^2]) = (_belt[^2], _belt[^1]);
        }

        while (_belt.Count > settings.LabelsToScanner)
        {
            Item first = _belt[0];
            _belt.RemoveAt(0);
            if (_trackDown)
            {
                IntoBin(first);
            }
            else
            {
                Scan(first);
            }
        }
    }

    private void Apply(Item item)
    {
        _items++;
        if (_strays.TryPeek(out (CertificateCode Code, long DueItem) stray) && stray.DueItem <= _items)
        {
            _strays.Dequeue();
            item.Labels.Add(stray.Code);
            return;
        }

        if (_printerDown || Happens(Mix.Unlabelled))
        {
            return;
        }

        Stick(item);
        if (Happens(Mix.DoubleFeed))
        {
            Stick(item);
        }

        if (Happens(Mix.ForeignLabel))
        {
            item.Labels.Add(new SeededCodes(random.Next()).Draw());
        }
    }

    private void Stick(Item item)
    {
        if (_printer.TryDequeue(out CertificateCode code))
        {
            oracle.Imaged(code);
            item.Labels.Add(code);
            if (Happens(Mix.LateTwin))
            {
                _strays.Enqueue((code, _items + random.Below(40)));
            }
        }
    }

    private void Scan(Item item)
    {
        (item.Number, item.ScannedMs) = (++_triggers, clock.Ms);
        _scanned[item.Number] = item;
        _beforeGate.Enqueue(item);
        if (Service is not { } service)
        {
            LoseScanned();
            return;
        }

        long number = ++_frames;
        item.Read = item.Labels.Count > 0 && !Happens(Mix.NoRead);
        if (item.Read || (mutation == Mutation.VerifyWithoutRead && item.Labels.Count > 0))
        {
            List<string> texts = item.Labels.ConvertAll(_carrier.UrlOf);
            if (Happens(Mix.CartonCode))
            {
                texts.Insert(random.Below(texts.Count + 1), "6901234567892");
            }

            service.Scanned(number, texts);
        }
        else
        {
            service.Scanned(number, null);
        }
    }

    private void OnVerdict(long number, bool pass)
    {
        oracle.Note($"verdict {number} {pass}");
        if (!_scanned.Remove(number, out Item? item))
        {
            if (pass)
            {
                oracle.Violated($"I6: item {number} was judged before, or is lost, and now it is to pass");
            }

            return;
        }

        item.Passed = pass;
        if (!pass)
        {
            IntoBin(item);
            return;
        }

        if (clock.Ms - item.ScannedMs > settings.VerdictWithinMs)
        {
            oracle.Violated($"I6: item {number} is past the gate when its PASS comes");
        }

        if (item is not { Read: true, Labels: [CertificateCode only] })
        {
            oracle.Violated($"I2: item {number} passed with {item.Labels.Count} labels, read: {item.Read}");
        }
        else
        {
            oracle.Left(only, "gate");
        }
    }

    private void ReachGate(bool all)
    {
        while (_beforeGate.TryPeek(out Item? item)
            && (all || item.Passed is not null || clock.Ms - item.ScannedMs > settings.VerdictWithinMs))
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
        while (settings.GateReports && !_trackDown && Service is { } service && _untold.TryDequeue(out LineEvent.GateReport? report))
        {
            service.Post(report);
        }
    }

    // Scanner and gate count alike again, from a standstill: nothing that was scanned gets its verdict any more.
    private void CountAnew()
    {
        LoseScanned();
        ReachGate(all: true);
        (_frames, _resync) = (_triggers, false);
        if (!_trackDown)
        {
            Service?.Post(new LineEvent.GateUp());
        }
    }

    private void LoseScanned()
    {
        foreach (Item item in _scanned.Values)
        {
            IntoBin(item);
        }

        _scanned.Clear();
    }

    // An item without a label is only labelled anew; nobody needs to look at it.
    private void IntoBin(Item item)
    {
        if (item.Labels.Count > 0)
        {
            _bin.Add(item);
        }
    }

    private sealed class Item
    {
        public List<CertificateCode> Labels { get; } = [];

        public long Number { get; set; }

        public long ScannedMs { get; set; }

        /// <summary>The scanner read it.</summary>
        public bool Read { get; set; }

        /// <summary>The verdict, or null while there is none.</summary>
        public bool? Passed { get; set; }
    }
}
