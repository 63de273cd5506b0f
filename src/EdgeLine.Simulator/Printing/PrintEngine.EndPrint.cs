namespace EdgeLine.Simulator.Printing;

/// <content>
/// The line END PRINT of the applicator port. Source: Zebra applicator guide for the ZT600 kit, and <c>^JJ</c> in the ZPL II
/// programming guide: in modes 1 and 2 it follows the motion, in 3 and 4 it is a pulse of 20 ms for a label that is out,
/// which does not come while label follows label without a stop.
/// </content>
internal sealed partial class PrintEngine
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(20);

    private readonly ITimer _pulseEnd;
    private int _endPrintMode;
    private bool _endPrint;
    private bool _labelIsOut;

    /// <summary>Called with each change of END PRINT: true for high.</summary>
    public Action<bool>? EndPrintChanged { get; set; }

    /// <summary>Level of END PRINT now; what rests high is active low.</summary>
    public bool EndPrintIsHigh => _endPrint != (_endPrintMode is 1 or 3);

    // After each stretch of work: what moves now, and whether a label came out that nothing follows.
    private void SignalMotion()
    {
        bool moves = _job is not null && Fault is null;
        if (_endPrintMode is 1 or 2)
        {
            SignalEndPrint(moves);
        }
        else if (_endPrintMode is 3 or 4 && _labelIsOut && !moves && Fault is null)
        {
            SignalEndPrint(true);
            _pulseEnd.Change(Pulse, Timeout.InfiniteTimeSpan);
        }

        _labelIsOut = false;
    }

    private void SetEndPrint(int mode)
    {
        SignalEndPrint(false);
        _endPrintMode = mode;
    }

    private void SignalEndPrint(bool active)
    {
        if (_endPrint != active)
        {
            _endPrint = active;
            EndPrintChanged?.Invoke(EndPrintIsHigh);
        }
    }
}
