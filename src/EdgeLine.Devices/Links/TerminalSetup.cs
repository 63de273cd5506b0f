using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// Puts a serial line into raw mode with the settings of the site and reads them back. A line that did not take a
/// setting is refused, because a wrong parity shows up as unreadable labels, not as an error.
/// </summary>
internal static class TerminalSetup
{
    // A line without HUPCL keeps DTR at close: some printers switch themselves off without it.
    private const uint ControlBits = Termios.CSize | Termios.ParEnb | Termios.ParOdd | Termios.ParStick | Termios.CStopB
        | Termios.CRtsCts | Termios.CRead | Termios.CLocal | Termios.HupCl;

    public static void Apply(TerminalHandle port, LinkAddress.Serial address)
    {
        if (Termios.Get(port, out Termios.Settings wanted) != 0)
        {
            throw new DeviceLinkException($"{address}: this is not a serial line ({Termios.LastErrorText()}).");
        }

        // TIOCEXCL keeps others out, but not root; the lock also keeps out a second EdgeLine of any user.
        if (Termios.Lock(port, Termios.LockExclusiveNow) != 0 || Termios.Control(port, Termios.Exclusive, 0) != 0)
        {
            throw new DeviceLinkException($"{address}: another program has it open. Close that program.");
        }

        uint speed = Termios.SpeedOf(address.Settings.Baud);
        Fill(ref wanted, address.Settings);
        if (speed == 0 || Termios.SetSpeed(ref wanted, speed) != 0 || Termios.Set(port, 0, wanted) != 0)
        {
            throw new DeviceLinkException($"{address}: refuses \"{address.Settings}\". {SerialSettings.Limit}.");
        }

        // tcsetattr succeeds when it could change anything at all.
        if (Termios.Get(port, out Termios.Settings got) != 0 || !Took(got, wanted, speed))
        {
            throw new DeviceLinkException(
                $"{address}: this line cannot do \"{address.Settings}\". "
                + "Set the device to 8N1 or use another adapter.");
        }

        RaiseWires(port, address);
        _ = Termios.Flush(port, Termios.FlushBoth);
    }

    private static unsafe bool Took(in Termios.Settings got, in Termios.Settings wanted, uint speed)
    {
        foreach (int place in (ReadOnlySpan<int>)[Termios.VMin, Termios.VTime, Termios.VStart, Termios.VStop])
        {
            if (got.Characters[place] != wanted.Characters[place])
            {
                return false;
            }
        }

        return Termios.OutputSpeed(got) == speed
            && Termios.InputSpeed(got) == speed
            && (got.Control & ControlBits) == (wanted.Control & ControlBits)
            && (got.Input, got.Output, got.Local) == (wanted.Input, wanted.Output, wanted.Local);
    }

    /// <summary>
    /// Opening asserts both wires on real hardware already; this makes sure. A pseudo-terminal has no wires and says so. RTS
    /// belongs to the driver when it does the handshake.
    /// </summary>
    private static void RaiseWires(TerminalHandle port, LinkAddress.Serial address)
    {
        if (Termios.Modem(port, Termios.ModemGet, out _) != 0)
        {
            return;
        }

        int wires = Termios.ModemDtr | (address.Settings.Handshake == SerialHandshake.RtsCts ? 0 : Termios.ModemRts);
        if (Termios.Control(port, Termios.ModemSet, wires) != 0
            || Termios.Modem(port, Termios.ModemGet, out int now) != 0
            || (now & wires) != wires)
        {
            throw new DeviceLinkException(
                $"{address}: its DTR or RTS wire does not come on ({Termios.LastErrorText()}). Use another adapter.");
        }
    }

    private static unsafe void Fill(ref Termios.Settings into, SerialSettings settings)
    {
        // Raw: no echo, no signals, no translation of line ends, no IXANY, and no hang-up of DTR at close (HUPCL).
        into.Input = settings.Handshake == SerialHandshake.XonXoff ? Termios.IXon | Termios.IXoff : 0;
        into.Output = 0;
        into.Local = 0;
        into.Control = Termios.CRead | Termios.CLocal | (settings.DataBits == 7 ? Termios.Cs7 : Termios.Cs8);
        if (settings.StopBits == 2)
        {
            into.Control |= Termios.CStopB;
        }

        if (settings.Parity != SerialParity.None)
        {
            into.Control |= Termios.ParEnb | (settings.Parity == SerialParity.Odd ? Termios.ParOdd : 0);
            into.Input |= Termios.InpCk;
        }

        if (settings.Handshake == SerialHandshake.RtsCts)
        {
            into.Control |= Termios.CRtsCts;
        }

        // One byte is enough for a read, and "nothing there" is EAGAIN, not the 0 that means hang-up.
        into.Characters[Termios.VMin] = 1;
        into.Characters[Termios.VTime] = 0;

        // Whoever had the line before may have changed them.
        into.Characters[Termios.VStart] = Termios.Xon;
        into.Characters[Termios.VStop] = Termios.Xoff;
    }
}
