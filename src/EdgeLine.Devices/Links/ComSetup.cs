using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using EdgeLine.Devices.Profiles;
using Microsoft.Win32.SafeHandles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// Opens a COM port for us alone, with the settings of the site, and reads them back. A port that did not take a setting is
/// refused, as on Linux.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class ComSetup
{
    private const uint Compared = Win32Comm.CtsFlow | Win32Comm.XonXoffOut | Win32Comm.XonXoffIn;

    public static SafeFileHandle Open(LinkAddress.Serial address)
    {
        // The form with the prefix also reaches COM10 and above.
        SafeFileHandle port = Win32Comm.Open(
            @"\\.\" + address.Path, Win32Comm.ReadWrite, 0, 0, Win32Comm.OpenExisting, Win32Comm.Overlapped, 0);
        if (port.IsInvalid)
        {
            throw new DeviceLinkException($"{address}: {OpenRemedy(Marshal.GetLastPInvokeError())}.");
        }

        try
        {
            Apply(port, address);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    private static void Apply(SafeFileHandle port, LinkAddress.Serial address)
    {
        Win32Comm.Settings wanted = default;
        wanted.Length = (uint)Marshal.SizeOf<Win32Comm.Settings>();
        if (!Win32Comm.Get(port, ref wanted))
        {
            throw new DeviceLinkException($"{address}: this is not a serial line ({LastErrorText()}).");
        }

        Fill(ref wanted, address.Settings);

        // No time-outs: a transfer ends when it has all its bytes, or when it is called back.
        Win32Comm.Timeouts timeouts = default;
        Win32Comm.Settings got = default;
        got.Length = wanted.Length;
        if (!Win32Comm.Set(port, wanted) || !Win32Comm.SetTimeouts(port, timeouts) || !Win32Comm.Get(port, ref got))
        {
            throw new DeviceLinkException(
                $"{address}: refuses \"{address.Settings}\" ({LastErrorText()}). {SerialSettings.Limit}.");
        }

        if ((got.Baud, got.DataBits, got.Parity, got.StopBits) != (wanted.Baud, wanted.DataBits, wanted.Parity, wanted.StopBits)
            || (got.Flags & Compared) != (wanted.Flags & Compared))
        {
            throw new DeviceLinkException(
                $"{address}: this line cannot do \"{address.Settings}\". "
                + "Set the device to 8N1 or use another adapter.");
        }

        _ = Win32Comm.Purge(port, Win32Comm.PurgeAll);
    }

    private static void Fill(ref Win32Comm.Settings into, SerialSettings settings)
    {
        into.Baud = (uint)settings.Baud;
        into.DataBits = (byte)settings.DataBits;
        into.Parity = (byte)(settings.Parity switch { SerialParity.Odd => 1, SerialParity.Even => 2, _ => 0 });
        into.StopBits = (byte)(settings.StopBits == 2 ? 2 : 0);
        into.Xon = 0x11;
        into.Xoff = 0x13;
        into.XonLimit = into.XoffLimit = 512;

        // DTR on all the time; RTS too, unless it does the handshake. An error never stops the line (fAbortOnError).
        into.Flags = Win32Comm.Binary | Win32Comm.DtrOn | Win32Comm.SendAfterXoff
            | (settings.Parity == SerialParity.None ? 0 : Win32Comm.CheckParity)
            | settings.Handshake switch
            {
                SerialHandshake.RtsCts => Win32Comm.CtsFlow | Win32Comm.RtsHandshake,
                SerialHandshake.XonXoff => Win32Comm.XonXoffOut | Win32Comm.XonXoffIn | Win32Comm.RtsOn,
                _ => Win32Comm.RtsOn,
            };
    }

    private static string LastErrorText() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    private static string OpenRemedy(int error) => error switch
    {
        Win32Comm.FileNotFound =>
            "there is no such port. Check that the adapter is plugged in; the device manager shows its number under Ports",
        Win32Comm.AccessDenied => "another program has it open. Close that program",
        _ => $"cannot be opened ({LastErrorText()}). Check that the adapter is plugged in",
    };
}
