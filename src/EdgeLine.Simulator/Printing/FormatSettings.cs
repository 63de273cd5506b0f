namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The answer to <c>^HZF</c>: the format settings as XML, of which one is what hosts look for. Guide: in the answer
/// <c>REPRINT-AFTER-ERROR</c> has a single value and no stored one, because it cannot be stored.
/// </summary>
internal static class FormatSettings
{
    /// <summary>Writes the answer for the state of an engine.</summary>
    public static string Of(PrintEngine engine) =>
        "<?xml version='1.0'?>\r\n<ZEBRA-ELTRON-PERSONALITY>\r\n<FORMAT-SETTINGS>\r\n"
        + $"<LABEL-LENGTH><CURRENT>{engine.LengthRows}</CURRENT></LABEL-LENGTH>\r\n"
        + $"<REPRINT-AFTER-ERROR>{(engine.ReprintAfterError ? 'Y' : 'N')}</REPRINT-AFTER-ERROR>\r\n"
        + "</FORMAT-SETTINGS>\r\n</ZEBRA-ELTRON-PERSONALITY>\r\n";
}
