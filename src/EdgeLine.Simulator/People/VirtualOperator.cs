using System.Text.Json;
using System.Threading.Channels;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.People;

/// <summary>
/// The person at a line. Looks at the screen and at the line, presses the buttons the screen offers, puts paper in, takes
/// rejected items to the rework table, clears the line and says honestly how many labels were found.
/// </summary>
internal sealed class VirtualOperator : IAsyncDisposable
{
    private const int LooksAtPeelBar = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly string _line;
    private readonly Panel _panel;
    private readonly Workstation _place;
    private readonly OperatorOptions _options;
    private readonly Action<string> _say;
    private readonly ReworkTable _rework;
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _again;
    private readonly Task _working;
    private List<TapeLabel> _pulled = [];
    private bool _ran;
    private int _runsDone;
    private bool _pressed;
    private bool _pausedToClear;
    private string _actedOn = "";

    public VirtualOperator(string line, Panel panel, Workstation place, OperatorOptions options, Action<string> say)
    {
        _line = line;
        _panel = panel;
        _place = place;
        _options = options;
        _say = say;
        _rework = new ReworkTable(line, panel, place, options, Log, options.Reaction > TimeSpan.Zero ? say : _ => { });
        _again = place.Floor.Timer(Look);
        panel.Changed += OnScreen;
        place.BinChanged = Look;
        _working = WorkAsync();
    }

    /// <summary>What was done.</summary>
    public OperatorLog Log { get; } = new();

    /// <summary>Ends when the run that this person started is complete and the bin is empty.</summary>
    public Task Done => _done.Task;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _panel.Changed -= OnScreen;
        await _stop.CancelAsync();
        await _working;
        await _again.DisposeAsync();
        _stop.Dispose();
    }

    private PanelLine Screen => _panel.Line(_line);

    private void OnScreen(string line, string topic)
    {
        if (line == _line && topic is "" or "state" or "batch" or "alarms")
        {
            Look();
        }
    }

    private void Look() => _look.Writer.TryWrite(true);

    private void LookLater() => _again.Change(_options.TryAgainAfter, Timeout.InfiniteTimeSpan);

    private async Task WorkAsync()
    {
        try
        {
            Look();
            while (await _look.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_look.Reader.TryRead(out _))
                {
                }

                if (Screen.Lit)
                {
                    await ActAsync();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // End of shift.
        }
        catch (Exception e)
        {
            // A mistake in this program: whoever waits for the person gets it.
            _done.TrySetException(e);
        }
    }

    private async Task ActAsync()
    {
        if (_place.Printer.Fault is PrinterFault fault)
        {
            await RepairAsync(fault);
        }

        if (_place.InBin >= (Screen.State == "Execute" ? _options.BinItems : 1) && Screen.Running)
        {
            await React();
            if (!await _rework.EmptyBinAsync(_stop.Token))
            {
                LookLater();
            }
        }

        string picture = $"{Screen.State} {Screen.Reason} {Screen.Get("state", "since_ms")}";
        if (picture != _actedOn && !_done.Task.IsCompleted)
        {
            await AnswerScreenAsync(Screen.State, Screen.Actions);
            _actedOn = _pressed ? picture : "";
            _pressed = false;
        }

        _ran |= Screen.Running;
    }

    private async Task AnswerScreenAsync(string state, IReadOnlyList<string> actions)
    {
        if (actions.Contains("reprint-off"))
        {
            await ConfirmReprintOffAsync();
            return;
        }

        switch (state)
        {
            case "Idle" or "Stopped" when actions.Contains("start"):
                // Also after a restart: either the start was lost with the service, or there is nothing left to do.
                if (await PressAsync("start", new { who = _options.Name }) is PanelAnswer.Refused { Problem: "no-work" or "target-met" } && _ran)
                {
                    await FinishAsync();
                }

                break;
            case "Suspended" when Screen.Reason == "labels-missing":
                _pausedToClear |= await PressAsync("pause", new { who = _options.Name }) is PanelAnswer.Done;
                break;
            case "Held" when _pausedToClear && actions.Contains("clearance"):
                await ClearAsync();
                _pausedToClear = false;
                break;
            case "Held" when Screen.Reason == "paused":
                // Somebody else's pause is somebody else's to end.
                break;
            case "Held" when actions.Contains("clearance"):
                await ClearAsync();
                break;
            case "Held" when actions.Contains("resume"):
                await ResumeAsync();
                break;
            case "Complete":
                await FinishAsync();
                break;
        }
    }

    private async Task RepairAsync(PrinterFault fault)
    {
        _say($"{_line}: {fault}: a person puts it right");
        await React();
        if (_place.Printer.TakePieceUnderHead() is TapeLabel piece)
        {
            _pulled.Add(piece);
        }

        _place.Printer.Repair();
        Log.Repairs++;
    }

    private async Task ClearAsync()
    {
        await React();
        // First what may be resolved by a scan; what is left is taken off the line.
        await _rework.EmptyBinAsync(_stop.Token);
        await TakeOffAllAsync();
        int found = _pulled.Count(l => l.Code is not null);
        PanelAnswer answer = await PressAsync("clearance", new { found, who = _options.Name, why = Screen.Reason });
        if (answer is PanelAnswer.Refused { Problem: "more-labels-than-possible" }
            && int.TryParse(Screen.Text("state", "reason_args", "max"), out int max))
        {
            _say($"{_line}: {found} labels found, {max} possible: the twins are destroyed");
            answer = await PressAsync("clearance", new { found = Math.Min(found, max), who = _options.Name, why = "twin found" });
        }

        if (answer is PanelAnswer.Done)
        {
            _say($"{_line}: line cleared, {found} labels found and destroyed");
            Log.Clearances++;
            Log.LabelsFound += found;
            Log.DestroyedCodes.UnionWith(_pulled.Select(l => l.CodeTail).OfType<string>());
            _pulled = [];
        }
    }

    // Who takes the label at the peel bar is given the next one, until the printer has none.
    private async Task TakeOffAllAsync()
    {
        _pulled = [.. _pulled, .. _place.ClearLine()];
        for (int looks = 0; looks < LooksAtPeelBar && _place.Printer is { Idle: false, Fault: null }; looks++)
        {
            await Task.Delay(LookEvery, _place.Floor.Time, _stop.Token);
            _pulled = [.. _pulled, .. _place.ClearLine()];
        }
    }

    // Goes to the printer's menu, then to the page. What the page asks besides is answered at the next look.
    private async Task ConfirmReprintOffAsync()
    {
        await React();
        long boot = Screen.Get("state", "reprint_off", "boot") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : 0;
        if (await PressAsync("reprint-off", new { boot, who = _options.Name }) is PanelAnswer.Done)
        {
            _say($"{_line}: the printer's own reprint is off, confirmed");
        }

        _pressed = false;
    }

    private async Task ResumeAsync()
    {
        string why = Screen.Reason;
        await React();
        if (await PressAsync("resume", new { who = _options.Name }) is PanelAnswer.Done)
        {
            _say($"{_line}: resumed after {why}");
            Log.Resumed++;
        }
    }

    private async Task FinishAsync()
    {
        // The line may have taken one for an unread item: then its code waits as rejected for whoever has the label.
        _place.BringFromAside();
        bool empty = await _rework.EmptyBinAsync(_stop.Token);
        if (empty && _place.LabelsOnTheWay == 0 && _runsDone + 1 < _options.Runs)
        {
            await ChangeOverAsync();
        }
        else if (empty && _place.LabelsOnTheWay == 0)
        {
            if (_done.TrySetResult())
            {
                _say($"{_line}: run complete ({Screen.Reason})");
            }
        }
        else
        {
            LookLater();
        }
    }

    // Everything off the line, then the next batch. Before the clearance its start is refused.
    private async Task ChangeOverAsync()
    {
        int found = _place.ClearLine().Count(l => l.Code is not null);
        PanelAnswer cleared = await PressAsync("clearance", new { found, who = _options.Name, why = "changeover" });
        if (cleared is not PanelAnswer.Done && Screen.Actions.Contains("clearance"))
        {
            return;
        }

        _options.BetweenRuns?.Invoke();
        if (await PressAsync("start", new { who = _options.Name }) is PanelAnswer.Done)
        {
            _runsDone++;
            Log.Clearances++;
        }
        else
        {
            _pressed = false;
        }
    }

    private async Task<PanelAnswer> PressAsync(string button, object body)
    {
        PanelAnswer answer = await _panel.PressAsync(_line, button, body, _stop.Token);
        // The screen may lag behind the button: the same picture is not answered twice.
        _pressed |= answer is PanelAnswer.Done;
        if (answer is PanelAnswer.Done && button == "start")
        {
            _ran = true;
            _say($"{_line}: run started");
        }

        // "Already running" is what a person gets who pressed twice.
        if (answer is PanelAnswer.Refused { Problem: not ("run-active" or "not-held" or "nothing-to-confirm") } refused)
        {
            _say($"{_line}: {button} refused: {refused.Problem} {refused.Detail}");
        }

        // The answer shows on the screen; a person looks again even when it stays the same.
        LookLater();
        return answer;
    }

    private Task React() => _options.Reaction > TimeSpan.Zero
        ? Task.Delay(_options.Reaction, _place.Floor.Time, _stop.Token)
        : Task.CompletedTask;
}
