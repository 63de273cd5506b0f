namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The inside of a virtual printer: queue of formats, print head, media, <c>^JZ</c>. Runs on events only: bytes, timer,
/// a person's hand. Every member is called under <see cref="Floor.Moment"/>.
/// </summary>
internal sealed partial class PrintEngine
{
    private readonly Floor _floor;
    private readonly PrinterTraits _traits;
    private readonly PhysicalTape _tape;
    private readonly ITimer _timer;
    private readonly Queue<Waiting> _queue = new();
    private readonly PrinterMemory _memory = new();
    private readonly ArmedFaults _armed = new();
    private PrintJob? _job;
    private LabelFormat? _last;
    private TapeLabel? _underHead;
    private bool _running;
    private bool _again;
    private bool _feedsAtHeadClose = true;

    public PrintEngine(Floor floor, PrinterTraits traits, PhysicalTape tape)
    {
        _floor = floor;
        _traits = traits;
        _tape = tape;
        _timer = floor.Timer(Run);
        _pulseEnd = floor.Timer(() => SignalEndPrint(false));
    }

    /// <summary>Called with each piece of label stock that comes out, also partial ones.</summary>
    public Action<TapeLabel>? LabelOut { get; set; }

    /// <summary>Called when room was made in the receive buffer.</summary>
    public Action? RoomMade { get; set; }

    /// <summary>Called when power comes back after <see cref="PrinterFault.PowerCycle"/>.</summary>
    public Action? PowerLost { get; set; }

    /// <summary>What stops the printer, or null.</summary>
    public PrinterFault? Fault { get; private set; }

    /// <summary>The pause light.</summary>
    public bool Paused { get; private set; }

    /// <summary>A label waits at the peel bar.</summary>
    public bool LabelWaiting { get; private set; }

    /// <summary>Formats waiting, the one in print not counted.</summary>
    public int FormatsQueued => _queue.Count;

    /// <summary>Bytes of the waiting formats.</summary>
    public int BytesQueued { get; private set; }

    /// <summary>Labels still to come of the batch in print (<c>^PQ</c>).</summary>
    public int LabelsRemaining => _job?.CopiesLeft ?? 0;

    /// <summary>Length of the last label in dots.</summary>
    public int LengthRows => _last?.LengthRows ?? (int)(_traits.LabelMm * _traits.DotsPerMm);

    /// <summary>True when nothing is queued and nothing is in print.</summary>
    public bool Idle => _job is null && _queue.Count == 0;

    /// <summary>What <c>^JZ</c> says now; true after every power-up.</summary>
    public bool ReprintAfterError { get; private set; } = true;

    /// <summary>Whether <c>~PR</c> and its like repeat the last label (<c>^JJ</c>); off after every power-up.</summary>
    public bool ReprintOnCommand { get; private set; }

    /// <summary>How often the head was opened, ever.</summary>
    public int HeadOpened { get; private set; }

    /// <summary>Takes a complete format; what it asks is answered in its turn.</summary>
    public void Enqueue(byte[] format, Action<string> answer)
    {
        _queue.Enqueue(new Waiting(format, answer));
        BytesQueued += format.Length;
        Run();
    }

    /// <summary>A fault this moment; a label in print is cut where the head is.</summary>
    public void Fail(PrinterFault fault)
    {
        if (_job is PrintJob job)
        {
            int row = RowsPerSecond <= 0 ? 0 : (int)(_floor.Span(_floor.Now - job.StartedAt).TotalSeconds * RowsPerSecond);
            Interrupt(job, fault, Math.Clamp(row, 0, job.Rows));
        }
        else
        {
            Stop(fault);
        }
    }

    /// <summary>A person put in media, closed the head and pressed the button.</summary>
    public void Repair()
    {
        if (Fault is not PrinterFault fault)
        {
            return;
        }

        Fault = null;
        PushOutPiece();
        for (int i = 0; fault == PrinterFault.HeadOpen && _feedsAtHeadClose && i < _traits.BlanksAfterHeadClose; i++)
        {
            LabelOut?.Invoke(_tape.Add(TapeLabelKind.Blank, null, 0, LengthRows, _floor.Time.GetUtcNow()));
        }

        if (_job is PrintJob job)
        {
            bool again = job.ReprintAfterError && fault is PrinterFault.MediaOut or PrinterFault.RibbonOut or PrinterFault.HeadOpen;
            job.Kind = again ? TapeLabelKind.ReprintedAfterError : job.Kind;
            job.CopiesLeft -= again ? 0 : 1;
            job.StartedAt = _floor.Now;
            _job = job.CopiesLeft > 0 ? job : null;
        }

        Run();
    }

    private double RowsPerSecond => _traits.SpeedMmPerSecond * _traits.DotsPerMm;

    private void Run()
    {
        if (_running)
        {
            _again = true;
            return;
        }

        _running = true;
        do
        {
            _again = false;
            while (Step())
            {
            }
        }
        while (_again);
        _running = false;
        SignalMotion();
    }

    private bool Step()
    {
        if (Fault is not null || (_job is null && (Paused || LabelWaiting || !TakeNext())))
        {
            return false;
        }

        PrintJob job = _job!;
        (PrinterFault Fault, int Row)? due = _armed.ForThisLabel;
        int stop = Math.Min(due?.Row ?? job.Rows, job.Rows);
        if (RowsPerSecond > 0)
        {
            long end = job.StartedAt + _floor.Ticks(TimeSpan.FromSeconds(stop / RowsPerSecond));
            if (_floor.Now < end)
            {
                _timer.Change(_floor.Span(end - _floor.Now) + TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
                return false;
            }
        }

        if (due is var (fault, _))
        {
            _armed.Take();
            Interrupt(job, fault, stop);
            return false;
        }

        Finish(job);
        return true;
    }

    private bool TakeNext()
    {
        while (_queue.TryDequeue(out Waiting? next))
        {
            BytesQueued -= next.Raw.Length;
            RoomMade?.Invoke();
            LabelFormat format = LabelFormatReader.Read(next.Raw, _memory.Formats);
            Obey(format, next);
            if (format.Prints)
            {
                _last = format;
                _job = new PrintJob(format, LengthRows, ReprintAfterError, _floor.Now) { CopiesLeft = format.Quantity, Answer = next.Answer };
                Verify(_job, VerificationMoment.Compose);
                Verify(_job, VerificationMoment.PrintStart);
                return true;
            }
        }

        return false;
    }

    // In the order of the stream: what a format sets counts from its turn on, so a change of ^JZ affects later labels only.
    private void Obey(LabelFormat format, Waiting waiting)
    {
        ReprintAfterError = format.ReprintAfterError ?? (_traits.StubbornReprint || ReprintAfterError);
        ReprintOnCommand = format.ReprintOnCommand ?? ReprintOnCommand;
        if (format.EndPrintMode is { } mode)
        {
            SetEndPrint(mode);
        }

        _feedsAtHeadClose = format.FeedsAtHeadClose ?? _feedsAtHeadClose;
        if (format.StoreAs is string name)
        {
            _memory.Store(name, waiting.Raw);
        }

        if (format.Deletes is string gone)
        {
            _memory.Delete(gone);
        }

        if (format.Lists is string listed)
        {
            waiting.Answer(_memory.Listing(listed));
        }

        if (format.AsksSettings)
        {
            waiting.Answer(FormatSettings.Of(this));
        }
    }

    private void Verify(PrintJob job, VerificationMoment moment)
    {
        foreach (string answer in _traits.Verifies == moment ? job.Format.Verifications : [])
        {
            job.Answer(answer);
        }
    }

    private void Finish(PrintJob job)
    {
        _armed.OneLabelLess();
        TapeLabel label = _tape.Add(job.Kind, job.Format, job.Rows, job.Rows, _floor.Time.GetUtcNow());
        Verify(job, VerificationMoment.PrintEnd);
        job.CopiesLeft--;
        job.Kind = TapeLabelKind.FurtherCopy;
        job.StartedAt = _floor.Now;
        _job = job.CopiesLeft > 0 ? job : null;
        _labelIsOut = true;
        Out(label);
    }

    private void Out(TapeLabel label)
    {
        LabelWaiting = _traits.PeelOff;
        LabelOut?.Invoke(label);
    }

    private void Interrupt(PrintJob job, PrinterFault fault, int row)
    {
        // Even no row at all is stock under the head that a person may find; only ink makes it a label on the tape.
        _underHead = row > 0 ? _tape.Add(job.Kind, job.Format, row, job.Rows, _floor.Time.GetUtcNow()) : null;
        Stop(fault);
    }

    private void Stop(PrinterFault fault)
    {
        if (fault != PrinterFault.PowerCycle)
        {
            HeadOpened += fault == PrinterFault.HeadOpen ? 1 : 0;
            Fault = fault;
            SignalMotion();
            return;
        }

        Reset();
        Fault = null;
        PowerLost?.Invoke();
        // The feed at power-up pushes the half label out without a word to the host.
        PushOutPiece();
    }

    private void PushOutPiece()
    {
        if (TakePieceUnderHead() is TapeLabel piece)
        {
            LabelOut?.Invoke(piece);
        }
    }

    private sealed record Waiting(byte[] Raw, Action<string> Answer);
}
