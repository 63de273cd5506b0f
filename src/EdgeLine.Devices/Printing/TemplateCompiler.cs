using System.Globalization;
using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Turns the commands of a template into parts, or into problems. One pass; a field is judged when its <c>^FS</c> is
/// seen.
/// </summary>
internal sealed partial class TemplateCompiler(string file, PrinterProfile printer, LabelFont? font)
{
    private readonly StringBuilder _zpl = new();
    private readonly FieldPrompts _names = new(file);
    private TemplateField _field = new();
    private bool _setsBars;
    private LayoutState _state = new();
    private bool _ended;
    private readonly List<TemplateArea> _areas = [];
    private readonly List<(FieldRoom Room, string Text)> _texts = [];

    public List<LabelProblem> Problems { get; } = [];

    public List<TemplatePart> Parts { get; } = [];

    public QrPlace? Qr { get; private set; }

    public int? WidthDots { get; private set; }

    public int? LengthDots { get; private set; }

    private bool DrawsQr => printer.Format.Qr == QrGraphic.Drawn;

    public void Run(string text)
    {
        List<ZplCommand> commands = ZplCommand.Read(file, text, Problems);
        List<LabelProblem> nowhere = [.. commands.Select(c => TemplateRules.WrongMeasure(file, c)).OfType<LabelProblem>()];
        if (nowhere.Count > 0)
        {
            // Where anything stands is not known then, and what would be said of it is wrong.
            Problems.AddRange(nowhere);
            return;
        }

        foreach (ZplCommand command in TemplateScale.Apply(file, commands, printer.Device.DotsPerMm, Problems))
        {
            if (_ended)
            {
                Report(command.Line, command.ToString(), "one file is one label.", "Keep one ^XA ... ^XZ only.");
                return;
            }

            _ended = command is { Prefix: '^', Name: "XZ" };
            if (TemplateRules.IsLayout(command))
            {
                Take(command);
            }
            else if (!TemplateRules.IsDropped(command))
            {
                Problems.Add(TemplateRules.Refuse(file, command));
            }
        }

        EndField();
        Flush();
        RequireCodeFields();
        int width = Math.Min(WidthDots ?? int.MaxValue, printer.Device.WidthDots);
        Problems.AddRange(_areas.Select(a => a.Refuse(file, width, LengthDots)).OfType<LabelProblem>());
        foreach ((FieldRoom room, string literal) in _texts)
        {
            if (room.Area().Outside(width, LengthDots) is null && room.Refuse(literal, width, LengthDots) is { } refused)
            {
                Report(room.Line, room.Subject, refused + ".", room.Ink.Remedy);
            }
        }
    }

    private void Take(ZplCommand command)
    {
        if (command.Name is "FO" or "FT")
        {
            EndField();
        }

        _state = _state.After(file, command, Problems);
        switch (command.Name)
        {
            case "FO" or "FT":
                _field.Add(command);
                break;
            case "FS":
                EndField();
                break;
            case "BY":
                _setsBars = true;
                AddOrAppend(command);
                break;
            case "A" or "FD" or "FH" or "FN" or "FB":
                _field.Add(command);
                break;
            case "PW":
                WidthDots = TemplateField.Number(command, 0);
                AddOrAppend(command);
                break;
            case "LL":
                LengthDots = TemplateField.Number(command, 0);
                AddOrAppend(command);
                break;
            default:
                AddOrAppend(command);
                break;
        }
    }

    private void AddOrAppend(ZplCommand command)
    {
        bool startsField = command.Name[0] == 'B' && command.Name != "BY";
        if (_field.IsEmpty && !startsField)
        {
            _zpl.Append(command.ToString());
        }
        else
        {
            _field.Add(command);
        }
    }

    private void EndField()
    {
        TemplateField field = _field;
        _field = new();
        if (field.IsEmpty)
        {
            return;
        }

        bool isQr = field.BarCode is { Name: "BQ" };
        bool setsBarsAgain = isQr && !DrawsQr && _setsBars;
        if (setsBarsAgain)
        {
            _zpl.Append(QrRules.BarCodeDefaults);
        }

        if (field.Find("FN") is { } prompt)
        {
            EndNamed(field, prompt, isQr);
        }
        else
        {
            EndLiteral(field, isQr);
        }

        if (setsBarsAgain)
        {
            _zpl.Append(_state.BarCodeDefaults);
        }
    }

    private void EndLiteral(TemplateField field, bool isQr)
    {
        string data = field.Find("FD")?.Parameters ?? "";
        if (isQr)
        {
            EndLiteralSymbol(field, data);
            return;
        }

        TemplateArea? graphic = TemplateArea.Of(field, _state.HomeX, _state.HomeY);
        _areas.AddRange(graphic is null ? [] : [graphic]);
        if (data.Any(c => c > '~') && !field.HasOwnFont)
        {
            EndDrawn(field, data);
            return;
        }

        // The data of ^GS is the letter of its symbol.
        if (data.Length > 0 && field.Find("GS") is null && JudgeRoom(field, $"'{data}'") is { } room)
        {
            _texts.Add((room, data));
        }

        foreach (ZplCommand command in field.Commands)
        {
            _zpl.Append(command.ToString());
        }

        _zpl.Append("^FS");
    }

    // Its length depends on its text; what does not is judged with the graphics.
    private FieldRoom? JudgeRoom(TemplateField field, string text)
    {
        if (field.BarCode is not null && field.Find("FH") is not null && field.Find("FN") is null)
        {
            Report(field.Line, $"bar code {text}", "escapes in a bar code of the template are not counted.", "Write its characters plainly, without ^FH.");
            return null;
        }

        FieldRoom? room = FieldRoom.Of(file, field, $"{(field.BarCode is { } bars ? $"bar code {bars} of" : "text")} {text}", _state, Problems);
        if (room is not null)
        {
            _areas.Add(room.Area());
        }

        return room;
    }

    // A text of the template itself that the printer has no font for. Its size is judged when the label's is known.
    private void EndDrawn(TemplateField field, string data)
    {
        TextPlace place = TextPlace.Of(field, _state);
        string? missing = font?.File is null ? font?.Missing ?? ""
            : field.Find("FH") is not null || data.Contains('\\', StringComparison.Ordinal) ? "a text with escapes is not drawn"
            : place.Box is null ? place.Why : null;
        if (missing is not null)
        {
            Report(
                field.Line, $"'{data}'", $"the fonts of the printer have no such characters{(missing.Length > 0 ? ", and " : "")}{missing}.",
                DrawRemedy(font));
            return;
        }

        Flush();
        Parts.Add(new TemplatePart.Slot(field.Line, "", "", place, false, "", null, data));
        _zpl.Append("^FS");
    }

    private void EndNamed(TemplateField field, ZplCommand prompt, bool isQr)
    {
        string? name = _names.NameOf(prompt, Problems);
        QrPlace? qr = isQr ? CheckQr(field, isCode: name == LabelField.CodeUrl) : null;
        if (name is null || !CheckPlaceOf(name, field, prompt, qr))
        {
            return;
        }

        FieldRoom? room = isQr ? null : JudgeRoom(field, prompt.ToString());
        int start = _zpl.Length;
        foreach (ZplCommand command in field.Commands)
        {
            // The prompt's own sample data and escapes are replaced by ours.
            if (command.Name is not ("FN" or "FD" or "FH") && !(isQr && command.Name is "BY" or "BQ")
                && !(isQr && DrawsQr && command.Name == "FO"))
            {
                _zpl.Append(command.ToString());
            }
        }

        if (qr is not null && DrawsQr)
        {
            _zpl.Append(CultureInfo.InvariantCulture, $"^FO{qr.X - _state.HomeX},{qr.Y - _state.HomeY}");
        }
        else if (qr is not null)
        {
            _zpl.Append(CultureInfo.InvariantCulture, $"^BQN,2,{qr.DotsPerModule},{qr.Level}^FH_^FD{qr.Level}A,");
        }
        else
        {
            _zpl.Append("^FH_^FD");
        }

        bool constant = name is not (LabelField.CodeUrl or LabelField.CodeText);
        string opening = constant ? _zpl.ToString(start, _zpl.Length - start) : "";
        if (constant)
        {
            _zpl.Length = start;
        }

        Flush();
        string refused = field.BarCode is { Name: "BC" } ? ">" : field.Find("FB") is null ? "" : "\\";
        Parts.Add(new TemplatePart.Slot(
            prompt.Line, name, opening, TextPlace.Of(field, _state), field.HasOwnFont, refused, room));
        _zpl.Append("^FS");
    }

    private void Flush()
    {
        if (_zpl.Length > 0)
        {
            Parts.Add(new TemplatePart.Fixed(_zpl.ToString()));
            _zpl.Clear();
        }
    }

    private bool Report(int line, string subject, string limit, string remedy)
    {
        Problems.Add(new(file, line, subject, limit, remedy));
        return false;
    }

    /// <summary>What helps where the printer has no font and the text was not drawn.</summary>
    internal static string DrawRemedy(LabelFont? font) =>
        font is { File: null } ? $"{LabelFont.Remedy}{FontRemedy}" : FontRemedy;

    internal const string FontRemedy =
        "Set it in a font file of the printer that has them, ^A@N,30,30,E:NAME.TTF, or leave it out.";
}
