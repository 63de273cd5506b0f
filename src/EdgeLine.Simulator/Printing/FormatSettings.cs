using System.Globalization;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The answer to <c>^HZF</c>: the format settings as XML, of which one is what hosts look for. Guide: in the answer
/// <c>REPRINT-AFTER-ERROR</c> has a single value and no stored one, because it cannot be stored. The others are there for
/// their length: on a slow line the answer takes as long as a real one.
/// </summary>
internal static class FormatSettings
{
    /// <summary>Writes the answer for the state of an engine.</summary>
    public static string Of(PrintEngine engine) => string.Join("\r\n",
        "<?xml version='1.0'?>",
        "<ZEBRA-ELTRON-PERSONALITY>",
        "<FORMAT-SETTINGS>",
        "<CODE-VALIDATION BOOL='Y,N'>N</CODE-VALIDATION>",
        $"<REPRINT-AFTER-ERROR BOOL='Y,N'>{(engine.ReprintAfterError ? 'Y' : 'N')}</REPRINT-AFTER-ERROR>",
        "<MODE-UNITS ENUM='DOTS, INCHES, MILLIMETERS'>DOTS</MODE-UNITS>",
        string.Create(CultureInfo.InvariantCulture, $"<LABEL-LENGTH MIN='0' MAX='9999'>{engine.LengthRows}</LABEL-LENGTH>"),
        "<LABEL-REVERSE BOOL='Y,N'>N</LABEL-REVERSE>",
        "<LABEL-SHIFT MIN='-9999' MAX='9999'>0</LABEL-SHIFT>",
        "<LABEL-HOME>",
        "<X-AXIS MIN='0' MAX='32000'>0</X-AXIS>",
        "<Y-AXIS MIN='0' MAX='32000'>0</Y-AXIS>",
        "</LABEL-HOME>",
        "<RELATIVE-DARKNESS MIN='-30.0' MAX='30.0'>0.0</RELATIVE-DARKNESS>",
        "<PRINT-RATE MIN='2.0' MAX='6.0'>2.0</PRINT-RATE>",
        "<SLEW-RATE MIN='2.0' MAX='6.0'>2.0</SLEW-RATE>",
        "<BACKFEED-RATE MIN='2.0' MAX='6.0'>2.0</BACKFEED-RATE>",
        "<HEAD-TEST-INFO>",
        "<MANUAL-RANGE BOOL='Y,N'>N</MANUAL-RANGE>",
        "<FIRST-ELEMENT MIN='0' MAX='9999'>0</FIRST-ELEMENT>",
        "<LAST-ELEMENT MIN='0' MAX='9999'>9999</LAST-ELEMENT>",
        "</HEAD-TEST-INFO>",
        "<DEFAULT-FONT>",
        "<FONT-LETTER MIN='0' MAX='255'>48</FONT-LETTER>",
        "<HEIGHT MIN='1' MAX='9999'>45</HEIGHT>",
        "<WIDTH MIN='1' MAX='9999'>0</WIDTH>",
        "</DEFAULT-FONT>",
        "<DEFAULT-BARCODE>",
        "<RATIO MIN='2.0' MAX='3.0'>3.0</RATIO>",
        "<MODULE-WIDTH MIN='1' MAX='10'>3</MODULE-WIDTH>",
        "<HEIGHT MIN='1' MAX='9999'>69</HEIGHT>",
        "</DEFAULT-BARCODE>",
        "</FORMAT-SETTINGS>",
        "</ZEBRA-ELTRON-PERSONALITY>",
        "");
}
