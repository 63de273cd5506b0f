using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Operations;

/// <summary>
/// The label of an order as the line would print it now, with a sample code: for looking at before a run. Codes and texts
/// that are printed come from the signed manifest only.
/// </summary>
/// <param name="Zpl">The format; empty when the label is refused.</param>
/// <param name="WidthMm">Width in millimetres.</param>
/// <param name="HeightMm">Length in the direction of feed, millimetres.</param>
/// <param name="DotsPerMm">Resolution of the line's printer.</param>
/// <param name="Problems">Why the label would be refused: field, limit, remedy.</param>
public sealed record LabelPreview(string Zpl, double WidthMm, double HeightMm, int DotsPerMm, IReadOnlyList<string> Problems)
{
    /// <summary>The label of this order on this line; null when the platform does not tell what it says.</summary>
    public static LabelPreview? Of(LineConfiguration line, LineOrder order)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(order);
        // The list is not signed and comes from outside: nothing in it is taken for granted.
        if (order is not { BatchNumber: not null, Product: not null }
            || order.Texts is not { Specification: not null, Producer: not null, Standard: not null, ReportNumber: not null, UrlTemplate: not null } texts)
        {
            return null;
        }

        int dots = line.Printer.Profile.Device.DotsPerMm;
        try
        {
            CodeCarrier carrier = CodeCarrier.FromTemplate(texts.UrlTemplate);
            string url = carrier.UrlOf(LabelFields.SampleCode);
            if (!ZplTemplate.TryRead(
                    line.LabelFile, line.Printer.Profile, out ZplTemplate? template, out IReadOnlyList<LabelProblem> problems, line.LabelFont)
                || !template.TryBind(LabelFields.Of(order, texts), url, out ZplLabel? label, out problems))
            {
                return Refused([.. problems.Select(p => p.ToString())]);
            }

            string zpl = System.Text.Encoding.UTF8.GetString(label.Compose(url, LabelFields.SampleCode.Grouped));
            return new LabelPreview(zpl, (double)template.WidthDots / dots, (double)template.LengthDots / dots, dots, []);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return Refused([e.Message]);
        }

        LabelPreview Refused(string[] why) => new("", 0, 0, dots, why);
    }
}
