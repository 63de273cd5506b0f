using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// A label template checked against a printer model: ordinary ZPL with named prompts such as
/// <c>^FN1"code.url"^FS</c>. It always has the code as one QR symbol of sufficient module size and as readable text.
/// </summary>
public sealed class ZplTemplate
{
    /// <summary>Longest template; a label is a few hundred bytes, a logo some thousand.</summary>
    public const int TemplateCharsMax = 100_000;

    private readonly string _file;
    private readonly PrinterProfile _printer;
    private readonly TemplateCompiler _compiled;

    private readonly LabelFont? _font;

    private ZplTemplate(string file, PrinterProfile printer, TemplateCompiler compiled, LabelFont? font)
    {
        _font = font;
        _file = file;
        _printer = printer;
        _compiled = compiled;
    }

    /// <summary>Width of the label in dots: its own, or that of the print head.</summary>
    public int WidthDots => _compiled.WidthDots ?? _printer.Device.WidthDots;

    /// <summary>Length of the label in dots in the direction of feed; without one of its own, as long as it is wide.</summary>
    public int LengthDots => _compiled.LengthDots ?? WidthDots;

    /// <summary>Names of the fields that the template uses, each once.</summary>
    public IReadOnlyList<string> Fields =>
        [.. _compiled.Parts.OfType<TemplatePart.Slot>().Select(s => s.Field).Where(f => f.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a template file and compiles it, or says everything that is wrong with it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="printer">The model that prints it.</param>
    /// <param name="template">The template.</param>
    /// <param name="problems">Empty exactly when there is a template.</param>
    /// <param name="font">Draws text that the fonts of the printer do not have; without it such text is refused.</param>
    public static bool TryRead(
        string file,
        PrinterProfile printer,
        [NotNullWhen(true)] out ZplTemplate? template,
        out IReadOnlyList<LabelProblem> problems,
        LabelFont? font = null)
    {
        template = null;
        (string? text, LabelProblem? problem) = TemplateText.Read(file);
        problems = problem is null ? [] : [problem];
        return text is not null && TryCompile(file, text, printer, out template, out problems, font);
    }

    /// <summary>Compiles a template, or says everything that is wrong with it.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="text">Its contents.</param>
    /// <param name="printer">The model that prints it.</param>
    /// <param name="template">The template.</param>
    /// <param name="problems">Empty exactly when there is a template.</param>
    /// <param name="font">Draws text that the fonts of the printer do not have; without it such text is refused.</param>
    public static bool TryCompile(
        string file,
        string text,
        PrinterProfile printer,
        [NotNullWhen(true)] out ZplTemplate? template,
        out IReadOnlyList<LabelProblem> problems,
        LabelFont? font = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        TemplateCompiler compiler = new(file, printer, font);
        if (text.Length > TemplateCharsMax)
        {
            compiler.Problems.Add(new(
                file,
                0,
                $"{text.Length} characters",
                $"at most {TemplateCharsMax}.",
                "Make the graphics smaller."));
        }
        else
        {
            compiler.Run(text);
        }

        problems = compiler.Problems;
        template = problems.Count == 0 ? new ZplTemplate(file, printer, compiler, font) : null;
        if (template is not null)
        {
            foreach (TemplatePart.Slot slot in compiler.Parts.OfType<TemplatePart.Slot>().Where(s => s.Literal is not null))
            {
                template.Data(slot, slot.Literal!, compiler.Problems);
            }

            template = problems.Count == 0 ? template : null;
        }

        return template is not null;
    }

    /// <summary>Fills in what is the same for a whole run, or says everything that is wrong with it.</summary>
    /// <param name="runFields">Values by name from <see cref="LabelField"/>; those that the template uses must be
    /// there.</param>
    /// <param name="sampleUrl">A URL as long as those of the run: it decides the size of the symbol.</param>
    /// <param name="label">The label of the run.</param>
    /// <param name="problems">Empty exactly when there is a label.</param>
    public bool TryBind(
        IReadOnlyDictionary<string, string> runFields,
        string sampleUrl,
        [NotNullWhen(true)] out ZplLabel? label,
        out IReadOnlyList<LabelProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(runFields);
        ArgumentNullException.ThrowIfNull(sampleUrl);
        List<LabelProblem> found = [];
        int modules = CheckUrl(sampleUrl, found);
        List<byte[]> pieces = [];
        List<bool> isUrl = [];
        List<byte> piece = [.. ZplLabel.Opening];
        foreach (TemplatePart part in _compiled.Parts)
        {
            switch (part)
            {
                case TemplatePart.Fixed same:
                    piece.AddRange(Encoding.UTF8.GetBytes(same.Zpl));
                    break;
                case TemplatePart.Slot { Field: LabelField.CodeUrl or LabelField.CodeText } slot:
                    CheckCodeText(slot, found);
                    pieces.Add([.. piece]);
                    isUrl.Add(slot.Field == LabelField.CodeUrl);
                    piece.Clear();
                    break;
                case TemplatePart.Slot slot:
                    piece.AddRange(Data(slot, runFields, found));
                    break;
            }
        }

        piece.AddRange(ZplLabel.Closing);
        pieces.Add([.. piece]);
        problems = found;
        label = found.Count == 0 ? new ZplLabel([.. pieces], [.. isUrl], Symbol(modules)) : null;
        return label is not null;
    }

    private byte[] Data(TemplatePart.Slot slot, IReadOnlyDictionary<string, string> runFields, List<LabelProblem> found)
    {
        if (slot.Literal is not null)
        {
            return Data(slot, slot.Literal, found);
        }

        if (!runFields.TryGetValue(slot.Field, out string? value))
        {
            found.Add(new(_file, slot.Line, slot.Field, "this run has no such value.",
                "Remove the field from the template."));
            return [];
        }

        return Data(slot, value, found);
    }

    private byte[] Data(TemplatePart.Slot slot, string value, List<LabelProblem> found)
    {
        bool asText = slot.HasOwnFont || value.All(char.IsAscii);
        string? refused = ZplText.Refuse(value, mayLeaveAscii: !asText || slot.HasOwnFont);
        string remedy = refused is null ? slot.Room?.Ink.Remedy ?? TextInk.RoomRemedy : "Correct the value.";
        if (refused is null && !asText)
        {
            (string drawn, refused) = slot.Place.Draw(value, _font, _printer.Format.Graphics, Width, _compiled.LengthDots ?? int.MaxValue);
            if (refused is null)
            {
                return Encoding.ASCII.GetBytes(drawn);
            }

            if (_font?.File is null || slot.Place.Box is null)
            {
                string why = ZplText.Refuse(value, mayLeaveAscii: false)!;
                (refused, remedy) = (
                    refused.Length > 0 ? $"{why}, and {refused}" : why, TemplateCompiler.DrawRemedy(_font));
            }
        }
        else if (refused is null && slot.Refused.Length > 0 && value.Contains(slot.Refused, StringComparison.Ordinal))
        {
            (refused, remedy) = (
                $"it contains '{slot.Refused}', which is a command inside this kind of field", TemplateCompiler.FontRemedy);
        }
        else
        {
            refused ??= slot.Room?.Refuse(value, Width, _compiled.LengthDots);
        }

        if (refused is not null)
        {
            string shown = slot.Literal is null ? $"{slot.Field} '{value}'" : $"'{value}'";
            found.Add(new(_file, slot.Line, shown, refused + ".", remedy));
            return [];
        }

        byte[] opening = Encoding.UTF8.GetBytes(slot.Opening);
        byte[] data = new byte[opening.Length + ZplText.EscapedLength(value)];
        opening.CopyTo(data, 0);
        ZplText.Escape(value, data.AsSpan(opening.Length));
        return data;
    }

    // A code in four groups of four, as wide as codes are on average by upper estimates of each letter.
    private const string CodeTextSample = "H0A0 A0A0 A0A0 A0A0";

    private int Width => Math.Min(_compiled.WidthDots ?? int.MaxValue, _printer.Device.WidthDots);

    private QrGraphic? Symbol(int modules) => _printer.Format.Qr == QrGraphic.Drawn
        ? new(modules, _compiled.Qr!.DotsPerModule, _compiled.Qr.Level, _printer.Format.Graphics)
        : null;

    // The letters differ from label to label, their number does not.
    private void CheckCodeText(TemplatePart.Slot slot, List<LabelProblem> found)
    {
        if (slot.Field == LabelField.CodeText && slot.Room?.Refuse(CodeTextSample, Width, _compiled.LengthDots) is { } refused)
        {
            found.Add(new(_file, slot.Line, $"{slot.Field} such as '{CodeTextSample}'", refused + ".", TextInk.RoomRemedy));
        }
    }

    private int CheckUrl(string url, List<LabelProblem> found)
    {
        QrPlace qr = _compiled.Qr!;
        if (!ZplLabel.IsUrl(url))
        {
            found.Add(new(_file, qr.Line, $"'{url}'", "a URL is printable ASCII without spaces.",
                "Correct the URL template."));
            return 0;
        }

        int modules = QrSize.Modules(url.Length, qr.Level);
        int side = modules * qr.DotsPerModule, quiet = QrSize.QuietZoneModules * qr.DotsPerModule;
        int width = Width;
        int length = _compiled.LengthDots ?? int.MaxValue;
        bool fits = modules > 0 && qr.X >= quiet && qr.Y >= quiet
            && qr.X + side + quiet <= width && qr.Y + side + quiet <= length;
        if (!fits)
        {
            found.Add(new(
                _file,
                qr.Line,
                $"QR symbol at {qr.X},{qr.Y}",
                $"{url.Length} characters at level {qr.Level} need {side} dots and {quiet} empty dots around them, "
                + $"inside {width} x {(_compiled.LengthDots is null ? "any" : $"{length}")} dots.",
                "Move the symbol, lower the level, or use a larger label."));
        }

        return modules;
    }
}
