using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Faults.Disk;

namespace EdgeLine.Simulator.Faults;

/// <summary>
/// One day of one line from one seed: the real core, loop, ledger, upload and platform, on simulated disks, network, belt and
/// time, in one thread. First everything goes wrong for a while, and nothing false may come of it; then the faults stop, and
/// within ten seconds the line prints again or asks a person for something by name, until the order is done.
/// </summary>
internal sealed partial class FaultDay : IDisposable
{
    private const int ClockWrongMs = 3 * 3_600_000;

    private readonly FaultPlanOfDay _plan;
    private readonly VirtualClock _clock = new();
    private readonly WallClock _wall = new();
    private readonly SeededRandom _random;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedPlatform _platform;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedLine _line;
    private readonly LineSettings _settings;
    private readonly FaultMix _mix;
    private bool _healed;
    private bool _done;
    private long _labelMs;
    private long _labels;
    private string _batchId = "";

    public FaultDay(FaultPlanOfDay plan, TextWriter? trace = null)
    {
        _plan = plan;
        _random = new SeededRandom(plan.Seed);
        _mix = plan.Mix ?? FaultMix.Of(_random);
        Oracle = new FaultOracle(_clock) { Trace = trace };
        _disk = new SimulatedDisk(_random.Next()) { SyncsLikeNormal = plan.Mutation == Mutation.NormalSync };
        _platform = new SimulatedPlatform(_random.Next(), SimulatedService.LineId, plan.Target, plan.LeaseMinutes, new ProcessTime(_clock, new ProcessLoop(), new WallClock()))
        {
            FencesNothing = plan.Mutation == Mutation.NoFencing,
        };
        _network = new SimulatedNetwork(_clock, _random, Oracle, _platform) { Mutation = plan.Mutation, Faults = _mix.Network };
        _settings = new LineSettings
        {
            Station = Station.Conveyor,
            SendAhead = 1 + _random.Below(3),
            LabelsToScanner = _random.Below(9),
            GateReports = _random.Below(4) > 0,
            VerdictWithinMs = 400,
            RunOutMs = 5_000,
        };
        _line = new SimulatedLine(_clock, _random, Oracle, _settings, plan.Mutation) { Mix = _mix };
    }

    public FaultOracle Oracle { get; }

    /// <summary>Times that the service began.</summary>
    public int Starts { get; private set; }

    public int PowerCuts { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Times that the PC's clock was set.</summary>
    public int ClockSteps { get; private set; }

    /// <summary>Times that the ledger gave up by itself because the disk failed.</summary>
    public int DiskFailures { get; private set; }

    /// <summary>Most codes that one end of the service put in doubt.</summary>
    public int MostInDoubt { get; private set; }

    /// <summary>When the first lease ends, milliseconds.</summary>
    public long FirstLeaseEndsMs => _line.FirstLeaseEndsMs;

    /// <summary>When the last label was sent before the faults stopped, milliseconds.</summary>
    public long LastSentInFaultsMs { get; private set; }

    public long Requests => _network.Requests;

    public int Clearances => _line.Clearances;

    public long SimulatedMs => _clock.Ms;

    /// <summary>Lets the day happen.</summary>
    public void Run()
    {
        SynchronizationContext? outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            StartService();
            _clock.InMs(_plan.PitchMs, Pitch);
            _clock.InMs(_plan.FaultSeconds * 1_000L, Heal);
            if (_plan.OfflineFromSecond > 0)
            {
                _clock.InMs(_plan.OfflineFromSecond * 1_000L, () => _network.Down = true);
            }

            PlanSetBack();
            long longest = (_plan.FaultSeconds + 600L) * 1_000L + (10L * _plan.Target * _plan.PitchMs);
            while (!_done && Oracle.Violations.Count == 0 && _clock.Next())
            {
                _service?.Settle();
                if (_clock.Ms > longest)
                {
                    Oracle.Violated($"I9: the order is not done: {_service?.Snapshot.State} {_service?.Snapshot.Reason}, {Oracle.Gone} of {_plan.Target} left");
                }
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    public void Dispose()
    {
        EndService();
        _network.Dispose();
        _platform.Dispose();
        _disk.Dispose();
        Oracle.Dispose();
    }

    private bool Happens(int inAMillion) => !_healed && inAMillion > 0 && _random.Below(1_000_000) < inAMillion;

    private void Pitch()
    {
        _clock.InMs(_plan.PitchMs, Pitch);
        Trouble();
        _line.Step();
        if (Oracle.Labels != _labels)
        {
            (_labels, _labelMs) = (Oracle.Labels, _clock.Ms);
        }

        _batchId = _service?.Snapshot.Run?.BatchId ?? _batchId;
        if (_healed)
        {
            DemandProgress();
        }
    }

    private void Trouble()
    {
        if (Happens(_mix.PowerCut))
        {
            if (_random.Below(2) == 0)
            {
                LosePower();
            }
            else
            {
                _disk.CutAt = _disk.Operations + 1 + _random.Below(60);
            }
        }

        if (Happens(_mix.Kill))
        {
            Kills++;
            Oracle.Note($"killed");
            EndService();
            RestartSoon();
        }

        if (Happens(_mix.DiskFails))
        {
            _disk.WriteFailsAt = _disk.Writes + 1 + _random.Below(40);
        }
        else if (Happens(_mix.DiskFails))
        {
            _disk.SyncFailsAt = _disk.Syncs + 1 + _random.Below(6);
        }

        if (Happens(_mix.DiskFull))
        {
            _disk.IsFull = true;
            _clock.InMs(_random.Below(8_000), () => _disk.IsFull = false);
        }

        if (Happens(_mix.NetworkDown))
        {
            Oracle.Note($"network down");
            _network.Down = true;
            _clock.InMs(_random.Below(20_000), () => _network.Down = false);
        }

        if (Happens(_mix.ClockStep))
        {
            ClockSteps++;
            _wall.Set(TimeSpan.FromMilliseconds(_random.Below(2 * ClockWrongMs) - ClockWrongMs));
            Oracle.Note($"clock {_wall.Ahead} ahead");
        }

        if (Happens(_mix.PlatformCut))
        {
            Oracle.Note($"platform without power");
            _platform.LosePower();
        }

        _line.Trouble();
    }

    // The faults stop: what is broken is mended, the clock is set to where it can go on from, and the operator looks at the page.
    private void Heal()
    {
        Oracle.Note($"healed");
        _healed = true;
        (_disk.CutAt, _disk.WriteFailsAt, _disk.SyncFailsAt, _disk.IsFull) = (0, 0, 0, false);
        (_network.Down, _network.Faults) = (false, 0);
        _wall.Set(_wall.Most);
        _line.Mend();
        _line.Attention = 200_000;
        LastSentInFaultsMs = Oracle.LastSentMs;
        _labelMs = _clock.Ms;
    }

    // I9: it prints, or it is done, or it says on the page what a person has to do.
    private void DemandProgress()
    {
        LineSnapshot? page = _service?.Snapshot;
        if (page is { RunActive: false } && page.Account.Verified >= _plan.Target)
        {
            // The shift is over: nobody puts items on the belt.
            _line.BeltIsOff = true;
            if (_service!.IsAtRest)
            {
                Finish();
            }

            return;
        }

        bool asks = page is { State: PackMlState.Held, Reason.Length: > 0 } && (page.Actions.Contains("clearance") || page.Actions.Contains("resume"));
        bool over = page is { State: PackMlState.Complete or PackMlState.Completing };
        if (!asks && !over && _clock.Ms - Math.Max(_labelMs, _line.ActedMs) > _plan.ResumeWithinMs + RestartMs + (2 * _plan.PitchMs))
        {
            Oracle.Violated($"I9: no label for {_clock.Ms - _labelMs} ms without a fault: {page?.State} {page?.Reason}");
        }
    }

    // Power cuts come at any moment; with this mistake it is this one that counts.
    private void ToldEarly()
    {
        if (Happens(30_000))
        {
            _clock.InMs(1, LosePower);
        }
    }

    private int DiskMs() => Happens(_mix.SlowDisk) ? _random.Below(3 * _settings.VerdictWithinMs) : 1 + _random.Below(5);

    // Nothing is under way any more: line, ledger and platform say the same.
    private void Finish()
    {
        _done = true;
        CodeAccount line = _service!.Snapshot.Account;
        EndService();
        StartService();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edgeline-faults-");
        EndService();
        _disk.CopyTo(folder.FullName);
        foreach (string finding in LedgerVerification.Verify(folder.FullName))
        {
            Oracle.Violated($"I3: {finding}");
        }

        folder.Delete(recursive: true);
        Reconciliation platform = _platform.AccountOf(_batchId);
        (long, long, long, long, long, long, long) ofLine =
            (line.Leased, line.Printing, line.InDoubt, line.Rejected, line.Verified, line.Void, line.Available);
        (long, long, long, long, long, long, long) ofPlatform =
            (platform.Leased, platform.Printing, platform.InDoubt, platform.Rejected, platform.Active, platform.Void, platform.Open);
        if (ofLine != ofPlatform || platform.Refused > 0)
        {
            Oracle.Violated($"I5: the line says {ofLine}, the platform {ofPlatform}, {platform.Refused} refused");
        }

        if (Oracle.Gone > line.Verified)
        {
            Oracle.Violated($"I6: {Oracle.Gone} items left, {line.Verified} codes are verified");
        }

        Oracle.Note($"end {_disk.Operations} {_network.Requests} {line.Verified} {Oracle.Gone}");
    }
}
