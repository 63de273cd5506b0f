using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// A label printer that speaks ZPL over TCP or a serial line and keeps the physical tape. Behaves as the ZPL II
/// programming guide says, also where that is unpleasant: it repeats an interrupted label unless told <c>^JZN</c>, forgets
/// that at power-off, prints what was left in its buffer by a host that is gone, and stops reading when the buffer is full.
/// </summary>
internal sealed partial class VirtualPrinter : IAsyncDisposable
{
    private readonly Floor _floor;
    private readonly PrinterTraits _traits;
    private readonly PrintEngine _engine;
    private readonly ZplReader _reader;
    private readonly PrinterVariables _variables;
    private readonly DelayedAnswers _answers;
    private readonly HostTurns _turns;
    private readonly ITimer? _idleClose;
    private readonly List<DevicePort> _ports = [];
    private Outlet? _asking;
    private Outlet? _line;
    private bool _heldBack;
    private TaskCompletionSource? _room;
    private int _powerUps;

    public VirtualPrinter(Floor floor, PrinterTraits traits)
    {
        _floor = floor;
        _traits = traits;
        _engine = new PrintEngine(floor, traits, Tape) { RoomMade = MakeRoom, PowerLost = ForgetLines };
        _variables = new PrinterVariables(_engine, Tape);
        _answers = new DelayedAnswers(floor, traits);
        _turns = new HostTurns(floor, traits.HearsOneHost);
        _reader = new ZplReader { FormatComplete = Enqueue, Immediate = Obey, Outside = Hear };
        if (traits.IdleClose is { } limit)
        {
            _idleClose = floor.Timer(() => CloseSilent(limit));
            _idleClose.Change(limit, limit / 10);
        }
    }

    /// <summary>Every label ever imaged.</summary>
    public PhysicalTape Tape { get; } = new();

    /// <summary>Called with each piece of label stock that comes out.</summary>
    public Action<TapeLabel>? LabelOut
    {
        get => _engine.LabelOut;
        set => _engine.LabelOut = value;
    }

    /// <summary>Called with each change of END PRINT, the line of the applicator port that says a label is out: true for high.</summary>
    public Action<bool>? EndPrintChanged
    {
        get => _engine.EndPrintChanged;
        set => _engine.EndPrintChanged = value;
    }

    /// <summary>Called with what hosts send, on whichever port, as it is understood.</summary>
    public Action<ReadOnlyMemory<byte>>? Heard { get; set; }

    /// <summary>Called when power is back after a cut; every connection is gone by then.</summary>
    public Action? PoweredUp { get; set; }

    /// <summary>What stops the printer, or null.</summary>
    public PrinterFault? Fault => Do(() => _engine.Fault);

    /// <summary>The pause light.</summary>
    public bool Paused => Do(() => _engine.Paused);

    /// <summary>True when nothing is queued and nothing is in print.</summary>
    public bool Idle => Do(() => _engine.Idle);

    /// <summary>What <c>^JZ</c> says now.</summary>
    public bool ReprintAfterError => Do(() => _engine.ReprintAfterError);

    /// <summary>Number of variables that hosts left in it.</summary>
    public int UserVariables => Do(() => _variables.Created);

    /// <summary>Plans a fault: <paramref name="labelsAhead"/> whole labels from now (0 = the next one), at a dot row.</summary>
    public void Arm(PrinterFault fault, int labelsAhead, int row) => Do(() => _engine.Arm(fault, labelsAhead, row));

    /// <summary>A fault this moment.</summary>
    public void Fail(PrinterFault fault) => Do(() => _engine.Fail(fault));

    /// <summary>A person put it right and pressed the button.</summary>
    public void Repair() => Do(_engine.Repair);

    /// <summary>A person pulls out the piece that a fault left under the head.</summary>
    public TapeLabel? TakePieceUnderHead() => Do(_engine.TakePieceUnderHead);

    /// <summary>A person presses pause: it stops after the label in print.</summary>
    public void Pause() => Do(_engine.Pause);

    /// <summary>A person presses pause once more: printing goes on.</summary>
    public void Resume() => Do(_engine.Resume);

    /// <summary>The label at the peel bar was taken; the next one may come.</summary>
    public void LabelTaken() => Do(_engine.LabelTaken);

    /// <summary>Somebody pressed the reprint key.</summary>
    public void RepeatLast() => Do(_engine.RepeatLast);

    /// <summary>Bytes that hosts have sent so far, status questions included.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Questions that hosts have asked at the port for status.</summary>
    public long StatusQuestions { get; private set; }

    /// <summary>Takes bytes from a host; waits while the receive buffer is full.</summary>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        int powerUps = _powerUps;
        while (!bytes.IsEmpty)
        {
            Task room;
            lock (_floor.Moment)
            {
                if (powerUps != _powerUps)
                {
                    // The rest of what a host sent before the power went.
                    return;
                }

                // A format longer than the whole buffer still gets through: a printer works it off while it arrives.
                int free = !_turns.MaySpeak(answer) ? 0 : _engine.FormatsQueued == 0 ? bytes.Length : Room;
                int taken = Math.Min(Math.Max(free, 0), bytes.Length);
                // In small bites, so that a buffer smaller than one read of the socket still fills up and stops.
                taken = Math.Min(taken, Math.Max(_traits.BufferBytes / 4, 1));
                _asking = answer;
                BytesReceived += taken;
                Heard?.Invoke(bytes[..taken]);
                _reader.Feed(bytes.Span[..taken]);
                bytes = bytes[taken..];
                room = taken > 0 ? Task.CompletedTask : (_room ??= NewRoom()).Task;
            }

            await room.WaitAsync(stop);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_idleClose is not null)
        {
            await _idleClose.DisposeAsync();
        }

        foreach (DevicePort port in _ports)
        {
            await port.DisposeAsync();
        }
    }

    private int Room => _traits.BufferBytes - _engine.BytesQueued - _reader.PartialBytes;

    private static TaskCompletionSource NewRoom() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Obey(string command)
    {
        switch (command)
        {
            case "HS" when _traits.AnswersHostStatus && (_engine.Fault is null || !_traits.SilentInError):
                Answer(HostStatus.Of(_engine, Room <= 0, _reader.InFormat, _traits.StickyFormatCount));
                break;
            case "HQ" when _traits.AnswersErrorQuery:
                Answer(PrinterVariables.ErrorQuery(_engine));
                break;
            case "HI" when _traits.SaysWhoItIs:
                string identity = $"\u0002{_traits.Model},{_traits.Firmware},{_traits.DotsPerMm},8176KB,X\u0003\r\n";
                Answer(Encoding.ASCII.GetBytes(identity));
                break;
            case "JA":
                _engine.CancelAll();
                break;
            case "JP":
                _engine.CancelOldest();
                break;
            case "PR":
                _engine.RepeatOnCommand();
                break;
            case "JX":
                _reader.DropPartial();
                break;
            case "JR":
                _reader.Reset();
                _variables.LosePower();
                _engine.Reset();
                break;
            case "PS":
                _engine.Resume();
                break;
            case "PP":
                _engine.Pause();
                break;
        }
    }

    private void Hear(byte[] text)
    {
        if (_traits.KeepsVariables && _variables.TakeText(text) is { Length: > 0 } answer)
        {
            Answer(Encoding.ASCII.GetBytes(answer));
        }
    }

    private void Answer(byte[] bytes)
    {
        if (_asking is Outlet to)
        {
            _answers.Write(to, bytes);
        }
    }

    // What a format asks is answered to the host that sent it, whoever has asked something since.
    private void Enqueue(byte[] format)
    {
        Outlet? sender = _asking;
        _engine.Enqueue(format, text =>
        {
            if (sender is not null)
            {
                _answers.Write(sender, Encoding.ASCII.GetBytes(text));
            }
        });
    }

    private void MakeRoom()
    {
        if (_heldBack && Room >= _traits.BufferBytes / 4)
        {
            _heldBack = false;
            _line?.Write([0x11]);
        }

        _room?.TrySetResult();
        _room = null;
    }

    private void ForgetLines()
    {
        _powerUps++;
        _reader.LosePower();
        _variables.LosePower();
        _answers.Forget();
        foreach (DevicePort port in _ports)
        {
            port.Cut(off: false);
        }

        // Whoever waited for room finds out that there is nobody to wait for.
        _room?.TrySetResult();
        _room = null;
        PoweredUp?.Invoke();
    }

    private void Do(Action action)
    {
        lock (_floor.Moment)
        {
            action();
        }
    }

    private T Do<T>(Func<T> ask)
    {
        lock (_floor.Moment)
        {
            return ask();
        }
    }
}
