namespace EdgeLine.Devices.Printing;

/// <content>The code of the label, as a symbol and as text, and symbols with a text of the template.</content>
internal sealed partial class TemplateCompiler
{
    private void EndLiteralSymbol(TemplateField field, string data)
    {
        QrLiteral? symbol = QrLiteral.Check(file, field, data, printer, _state.HomeX, _state.HomeY, Problems);
        if (symbol is not null)
        {
            _areas.Add(symbol.Area);
            _zpl.Append(symbol.Zpl(printer.Format, _state.HomeX, _state.HomeY));
        }
    }

    private bool CheckPlaceOf(string name, TemplateField field, ZplCommand prompt, QrPlace? qr)
    {
        if (qr is not null)
        {
            bool first = Qr is null;
            Qr ??= qr;
            return first || Report(
                prompt.Line, name, "one label carries its code in one symbol.", "Remove the second ^BQ.");
        }

        if (field.BarCode is not { } bars)
        {
            return true;
        }

        if (bars.Name == "BQ")
        {
            return name == LabelField.CodeUrl
                || Report(prompt.Line, name, $"the QR symbol carries {LabelField.CodeUrl}.",
                    "Use another field name or print it as text.");
        }

        return (bars.Name == "BC" && name is not (LabelField.CodeUrl or LabelField.CodeText))
            || Report(
                prompt.Line,
                $"{name} in ^{bars.Name}",
                "codes are QR symbols, other fields are text or ^BC.",
                "Use ^BQ, ^BC or text.");
    }

    private QrPlace? CheckQr(TemplateField field, bool isCode)
    {
        QrPlace? place = QrRules.Check(file, field, printer.Device.DotsPerMm, _state.HomeX, _state.HomeY, Problems);
        return isCode ? place : null;
    }

    private void RequireCodeFields()
    {
        if (Qr is null && !Problems.Exists(p => p.Subject.StartsWith("^BQ", StringComparison.Ordinal)))
        {
            Report(
                0, LabelField.CodeUrl, "a label needs its code as a QR symbol.",
                $"Add ^FO40,40^BQN,2,4,M^FN1\"{LabelField.CodeUrl}\"^FS.");
        }

        if (!Parts.OfType<TemplatePart.Slot>().Any(s => s.Field == LabelField.CodeText))
        {
            Report(
                0, LabelField.CodeText, "a person must be able to type the code of a damaged label.",
                $"Add ^FO40,300^A0N,30,30^FN2\"{LabelField.CodeText}\"^FS.");
        }
    }
}
