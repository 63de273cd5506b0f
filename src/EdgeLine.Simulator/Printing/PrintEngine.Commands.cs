namespace EdgeLine.Simulator.Printing;

/// <content>What hosts command out of turn, and what a person's hand does.</content>
internal sealed partial class PrintEngine
{
    /// <summary><c>~JA</c>: the label in print still ends, everything behind it is gone.</summary>
    public void CancelAll()
    {
        _queue.Clear();
        BytesQueued = 0;
        if (_job is not null)
        {
            _job.CopiesLeft = Math.Min(_job.CopiesLeft, 1);
        }

        RoomMade?.Invoke();
    }

    /// <summary><c>~JP</c>: the format that waits longest is gone, and the printer pauses.</summary>
    public void CancelOldest()
    {
        if (_queue.TryDequeue(out Waiting? gone))
        {
            BytesQueued -= gone.Raw.Length;
        }

        Paused = true;
        RoomMade?.Invoke();
    }

    /// <summary><c>~PR</c>: the last label once more, where <c>^JJ</c> allows it.</summary>
    public void RepeatOnCommand()
    {
        if (ReprintOnCommand)
        {
            RepeatLast();
        }
    }

    /// <summary><c>~PP</c>: stop after the label in print.</summary>
    public void Pause() => Paused = true;

    /// <summary><c>~PS</c>: go on after a pause. A fault needs a person, so it stays.</summary>
    public void Resume()
    {
        Paused = false;
        Run();
    }

    /// <summary>Plans a fault: <paramref name="labelsAhead"/> whole labels from now (0 = the next one), at a dot row.</summary>
    public void Arm(PrinterFault fault, int labelsAhead, int row) => _armed.Add(fault, labelsAhead, row);

    /// <summary>A person pulls out the piece that a fault left under the head; null when there is none.</summary>
    public TapeLabel? TakePieceUnderHead()
    {
        (TapeLabel? piece, _underHead) = (_underHead, null);
        return piece;
    }

    /// <summary>The label at the peel bar was taken.</summary>
    public void LabelTaken()
    {
        LabelWaiting = false;
        Run();
    }

    /// <summary>Somebody pressed the reprint key: the last label comes once more.</summary>
    public void RepeatLast()
    {
        if (_last is LabelFormat format && Fault is null)
        {
            Out(_tape.Add(TapeLabelKind.RepeatedByKey, format, LengthRows, LengthRows, _floor.Time.GetUtcNow()));
        }
    }

    /// <summary>As after power-up: buffer, stored formats and <c>^JZN</c> are gone.</summary>
    public void Reset()
    {
        _queue.Clear();
        BytesQueued = 0;
        _memory.Forget();
        _job = null;
        _last = null;
        ReprintAfterError = true;
        ReprintOnCommand = false;
        _feedsAtHeadClose = true;
        SetEndPrint(0);
        Paused = false;
        RoomMade?.Invoke();
    }
}
