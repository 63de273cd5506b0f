namespace EdgeLine.Devices.Printing;

/// <summary>
/// How many modules a QR symbol of a text has along one side, for the byte mode of ISO/IEC 18004: never less than a
/// printer needs, because other modes only save space.
/// </summary>
internal static class QrSize
{
    /// <summary>Empty modules that must surround a symbol.</summary>
    public const int QuietZoneModules = 4;

    // Bytes that fit into versions 1 to 12; a URL of a code has at most 136.
    private static readonly int[] Low = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367];
    private static readonly int[] Medium = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287];
    private static readonly int[] Quartile = [11, 20, 32, 46, 60, 74, 86, 108, 130, 151, 177, 203];
    private static readonly int[] High = [7, 14, 24, 34, 44, 58, 64, 84, 98, 119, 137, 155];

    /// <summary>Modules along one side, or 0 when the text does not fit into version 12.</summary>
    public static int Modules(int bytes, char level)
    {
        int[] capacity = level switch { 'L' => Low, 'M' => Medium, 'Q' => Quartile, _ => High };
        int version = 1 + Array.FindIndex(capacity, most => bytes <= most);
        return version == 0 ? 0 : 17 + 4 * version;
    }
}
