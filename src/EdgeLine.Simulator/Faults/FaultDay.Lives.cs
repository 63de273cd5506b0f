using EdgeLine.Service.Ledger;
using EdgeLine.Simulator.Faults.Disk;

namespace EdgeLine.Simulator.Faults;

/// <content>The service begins, ends, and begins again.</content>
internal sealed partial class FaultDay
{
    private const int RestartMs = 1_500;
    private const int FirstLookWithinMs = 5_000, LookMs = 20;

    private SimulatedService? _service;
    private bool _dying;

    private void StartService()
    {
        Starts++;
        _dying = false;
        int met = _disk.FaultsMet;
        try
        {
            _service = new SimulatedService(_clock, _wall, Oracle, _disk, _platform, _network, _settings, _line.Outputs, _plan.Mutation, _plan.LeaseCodes, OnDied) { DiskMs = DiskMs, ToldEarly = ToldEarly, WasSetBack = WasSetBack };
        }
        catch (Exception e) when (e is LedgerException or IOException)
        {
            Oracle.Note($"no start");
            if (_disk.FaultsMet == met)
            {
                Oracle.Violated($"I7: the ledger does not open on a sound disk: {e.Message}");
            }

            OnDied(e);
            return;
        }

        Oracle.Note($"started {_service.Printing}");
        MostInDoubt = Math.Max(MostInDoubt, _service.Printing);
        // One more than the window may go out when every label in it was probably unreadable.
        if (_service.Printing > _settings.Window + 1)
        {
            Oracle.Violated($"I8: {_service.Printing} codes were on their way, the window is {_settings.Window}");
        }

        if (!_dying)
        {
            _service.Run();
            ConnectSoon(_service, 0);
        }
    }

    // As in the real program, the devices wait for the platform's first word, but not for ever.
    private void ConnectSoon(SimulatedService service, int waitedMs)
    {
        if (_service == service && (service.LookedAt || waitedMs >= FirstLookWithinMs))
        {
            _line.Connect(service);
        }
        else if (_service == service)
        {
            _clock.InMs(LookMs, () => ConnectSoon(service, waitedMs + LookMs));
        }
    }

    // The disk failed, or lost its power under the ledger: the program ends by itself, and what it was about to say is not said.
    private void OnDied(Exception e)
    {
        if (_dying)
        {
            return;
        }

        _dying = true;
        Oracle.Note($"died");
        _clock.InMs(0, () =>
        {
            if (_disk.Dead)
            {
                LosePower();
            }
            else
            {
                DiskFailures++;
                EndService();
                RestartSoon();
            }
        });
    }

    private void LosePower()
    {
        PowerCuts++;
        Oracle.Note($"power cut");
        EndService();
        _disk.PowerOn((CutKind)_random.Below(3));
        RestartSoon();
    }

    private void EndService()
    {
        if (_service is { } ended)
        {
            if (ended.Escaped)
            {
                Oracle.Violated("the simulation left its thread");
            }

            _service = null;
            ended.Dispose();
            _line.Disconnect();
        }
    }

    private void RestartSoon()
    {
        int starts = Starts;
        _clock.InMs(RestartMs, () =>
        {
            if (_service is null && starts == Starts)
            {
                StartService();
            }
        });
    }
}
