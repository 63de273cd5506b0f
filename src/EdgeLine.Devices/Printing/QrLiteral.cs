using System.Globalization;
using System.Text.RegularExpressions;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>A QR symbol with a text of the template itself, such as the address of the producer.</summary>
internal sealed partial record QrLiteral(TemplateField Field, QrPlace Place, int Modules, string Text)
{
    /// <summary>What it covers, with its quiet zone.</summary>
    public TemplateArea Area
    {
        get
        {
            int quiet = QrSize.QuietZoneModules * Place.DotsPerModule, side = Modules * Place.DotsPerModule;
            return new(Place.Line, "QR symbol and quiet zone", Place.X - quiet, Place.Y - quiet, side + (2 * quiet), side + (2 * quiet));
        }
    }

    /// <summary>The symbol, or null and the problems.</summary>
    public static QrLiteral? Check(
        string file, TemplateField field, string data, PrinterProfile printer, int homeX, int homeY, List<LabelProblem> problems)
    {
        QrPlace? place = QrRules.Check(file, field, printer.Device.DotsPerMm, homeX, homeY, problems);
        Match header = Header().Match(data);
        if (!header.Success)
        {
            problems.Add(new(
                file, field.Line, "^BQ data", "without a header such as MA, the printer eats the first characters.",
                "Write ^FDMA,text."));
            return null;
        }

        string text = header.Groups[2].Value;
        // The level of the data is the one that counts.
        char level = header.Groups[1].Value[0];
        int modules = QrSize.Modules(text.Length, level);
        if (modules == 0 || field.Find("FH") is not null || text.Any(c => c is < ' ' or > '~'))
        {
            problems.Add(new(
                file, field.Line, "^BQ data", "a text of the template in a QR symbol is ASCII without escapes, up to version 12.",
                "Write it plainly, shorter, or leave it out."));
            return null;
        }

        return place is null ? null : new(field, place with { Level = level }, modules, text);
    }

    /// <summary>The field as a printer gets it.</summary>
    public string Zpl(PrinterFormat format, int homeX, int homeY) => format.Qr == QrGraphic.Drawn
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"^FO{Place.X - homeX},{Place.Y - homeY}{new QrGraphic(Modules, Place.DotsPerModule, Place.Level, format.Graphics).Command(Text)}^FS")
        : string.Concat(Field.Commands.Where(c => c.Name != "BY").Select(c => c.ToString())) + "^FS";

    [GeneratedRegex("^([HQML])A,(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
