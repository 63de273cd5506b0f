using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// Puts a serial line into raw mode with the settings of the site and reads them back. A line that did not take a
/// setting is refused, because a wrong parity shows up as unreadable labels, not as an error.
/// </summary>
internal static class TerminalSetup
{
    private const uint CharacterBits =
        Termios.CSize | Termios.ParEnb | Termios.ParOdd | Termios.CStopB | Termios.CRtsCts;

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
        if (Termios.Get(port, out Termios.Settings got) != 0
            || Termios.OutputSpeed(got) != speed
            || (got.Control & CharacterBits) != (wanted.Control & CharacterBits)
            || (got.Input & (Termios.IXon | Termios.IXoff)) != (wanted.Input & (Termios.IXon | Termios.IXoff)))
        {
            throw new DeviceLinkException(
                $"{address}: this line cannot do \"{address.Settings}\". "
                + "Set the device to 8N1 or use another adapter.");
        }

        // Opening asserts both wires on real hardware already; this only makes sure. A pseudo-terminal has no wires
        // and refuses. RTS belongs to the driver when it does the handshake.
        int wires = Termios.ModemDtr | (address.Settings.Handshake == SerialHandshake.RtsCts ? 0 : Termios.ModemRts);
        _ = Termios.Control(port, Termios.ModemSet, wires);
        _ = Termios.Flush(port, Termios.FlushBoth);
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
    }
}
