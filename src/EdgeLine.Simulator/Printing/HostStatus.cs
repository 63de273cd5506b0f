using System.Globalization;
using System.Text;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The answer to <c>~HS</c>: three lines in STX and ETX, fields as the ZPL II programming guide numbers them.
/// </summary>
internal static class HostStatus
{
    /// <summary>Writes the answer for the state of an engine.</summary>
    public static byte[] Of(PrintEngine engine, bool bufferFull, bool partialFormat, bool sticky)
    {
        string length = Math.Min(engine.LengthRows, 9999).ToString("0000", CultureInfo.InvariantCulture);
        string formats = Math.Clamp(engine.FormatsQueued, sticky ? 1 : 0, 999).ToString("000", CultureInfo.InvariantCulture);
        string left = engine.LabelsRemaining.ToString("00000000", CultureInfo.InvariantCulture);
        PrinterFault? fault = engine.Fault;
        // 030 is 9600 8N1 XON/XOFF; 001 die-cut media with ribbon; print mode 2 is tear-off, 1 peel-off.
        return Encoding.ASCII.GetBytes(
            $"\u0002030,{Bit(fault == PrinterFault.MediaOut)},{Bit(engine.Paused)},{length},{formats},{Bit(bufferFull)},0," +
            $"{Bit(partialFormat)},000,0,0,{Bit(fault == PrinterFault.OverTemperature)}\u0003\r\n" +
            $"\u0002001,0,{Bit(fault == PrinterFault.HeadOpen)},{Bit(fault == PrinterFault.RibbonOut)},1,2,6," +
            $"{Bit(engine.LabelWaiting)},{left},1,000\u0003\r\n" +
            "\u00020000,0\u0003\r\n");
    }

    private static char Bit(bool set) => set ? '1' : '0';
}
