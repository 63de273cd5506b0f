using System.Globalization;
using System.Text;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Understands a format far enough to say what a scanner and a person read from the label: QR symbols (<c>^BQ</c>, or drawn as
/// <c>^GF</c>), text fields, hexadecimal escapes (<c>^FH</c>), stored formats (<c>^DF</c>, <c>^XF</c>, <c>^FN</c>). Unknown commands are
/// skipped, as printers do.
/// </summary>
internal sealed class LabelFormatReader
{
    private readonly IReadOnlyDictionary<string, byte[]> _stored;
    private readonly List<Field> _fields = [];
    private Field _field = new();
    private int _homeY;
    private int _barHeight = 10;
    private int? _length;
    private bool? _reprint;
    private int _quantity = 1;
    private string? _storeAs;
    private bool _graphics;
    private byte[] _recalled = [];
    private bool _asksSettings;
    private string? _lists;
    private string? _deletes;
    private bool? _reprintOnCommand;
    private int? _endPrintMode;
    private bool? _feedsAtHeadClose;
    private readonly List<Verification> _verifications = [];
    private (string Text, int EndsAtRow)? _drawnCode;

    private LabelFormatReader(IReadOnlyDictionary<string, byte[]> stored) => _stored = stored;

    /// <summary>Reads a raw format; <paramref name="stored"/> are the formats in the printer's memory.</summary>
    public static LabelFormat Read(byte[] raw, IReadOnlyDictionary<string, byte[]> stored)
    {
        var reader = new LabelFormatReader(stored);
        reader.Commands(raw, depth: 0);
        Field? qr = reader._fields.FirstOrDefault(f => f is { Magnification: > 0, Data: not null });
        (string? payload, char level) = qr is null ? (null, 'M') : Payload(qr.Text(), qr.Level);
        int rows = payload is null ? 0 : QrSize.Modules(payload, level) * qr!.Magnification;
        return new LabelFormat
        {
            Raw = [.. reader._recalled, .. raw],
            CodePayload = payload ?? reader._drawnCode?.Text,
            // A QR symbol placed by ^FO sits lower by the bar height of ^BY (10 dots unless set): seen on real printers.
            CodeEndsAtRow = payload is null ? reader._drawnCode?.EndsAtRow ?? 0 : qr!.Y + qr.BarHeight + rows,
            Texts = [.. reader._fields.Where(f => f is { Magnification: 0, Data: not null }).Select(f => f.Text())],
            LengthRows = reader._length,
            ReprintAfterError = reader._reprint,
            Quantity = reader._quantity,
            StoreAs = reader._storeAs,
            Verifications = [.. reader._verifications.Select(v => v.Answer(reader._fields))],
            Lists = reader._lists,
            AsksSettings = reader._asksSettings,
            Deletes = reader._deletes,
            ReprintOnCommand = reader._reprintOnCommand,
            EndPrintMode = reader._endPrintMode,
            FeedsAtHeadClose = reader._feedsAtHeadClose,
            Prints = reader._storeAs is null && (reader._graphics || reader._fields.Exists(f => f.Data is not null)),
        };
    }

    private void Commands(ReadOnlySpan<byte> raw, int depth)
    {
        while (true)
        {
            int caret = raw.IndexOf((byte)'^');
            if (caret < 0 || raw.Length < caret + 3)
            {
                return;
            }

            string name = Encoding.Latin1.GetString(raw.Slice(caret + 1, 2)).ToUpperInvariant();
            raw = raw[(caret + 3)..];
            int end = raw.IndexOf((byte)'^');
            Command(name, end < 0 ? raw : raw[..end], depth);
        }
    }

    private void Command(string name, ReadOnlySpan<byte> data, int depth)
    {
        switch (name)
        {
            case "FD" or "FV":
                _field.Data = data.TrimEnd("\r\n"u8).ToArray();
                return;
            case "GF":
                _graphics = true;
                Draw(Encoding.Latin1.GetString(data).Trim());
                return;
            case "GB" or "XG":
                _graphics = true;
                return;
        }

        string text = Encoding.Latin1.GetString(data).Trim();
        string[] values = text.Split(',');
        switch (name)
        {
            case "FO" or "FT":
                _field.Y = _homeY + Number(values, 1, 0);
                break;
            case "LH":
                _homeY = Number(values, 1, 0);
                break;
            case "BY":
                _barHeight = Number(values, 2, _barHeight);
                break;
            case "BQ":
                _field.Magnification = Math.Max(Number(values, 2, 3), 1);
                _field.Level = values.Length > 3 && values[3].Length > 0 ? char.ToUpperInvariant(values[3][0]) : 'Q';
                break;
            case "FH":
                _field.Escape = text.Length > 0 ? text[0] : '_';
                break;
            case "FN":
                _field.Number = text.TakeWhile(char.IsAsciiDigit).Aggregate(0, (n, c) => n * 10 + c - '0');
                break;
            case "FS":
                EndField();
                break;
            case "LL":
                _length = Number(values, 0, 0) is > 0 and int rows ? rows : _length;
                break;
            case "JZ":
                _reprint = text switch { "Y" or "y" => true, "N" or "n" => false, _ => _reprint };
                break;
            case "PQ":
                _quantity = Math.Max(Number(values, 0, 1), 1);
                break;
            case "DF":
                _storeAs = PrinterMemory.NameOf(text);
                break;
            case "XF" when depth == 0 && _stored.TryGetValue(PrinterMemory.NameOf(text), out byte[]? recalled):
                Commands(recalled, depth: 1);
                _recalled = recalled;
                _storeAs = null;
                break;
            case "HV":
                _verifications.Add(new Verification(
                    Number(values, 0, 0), Math.Clamp(Number(values, 1, 64), 1, 256),
                    Field.Decoded(values.ElementAtOrDefault(2) ?? "", _field.Escape),
                    Field.Decoded(values.ElementAtOrDefault(3) ?? "", _field.Escape)));
                break;
            case "HW":
                _lists = PrinterMemory.NameOf(text);
                break;
            case "HZ" when text is "F" or "f":
                _asksSettings = true;
                break;
            case "ID":
                _deletes = PrinterMemory.NameOf(text);
                break;
            case "JJ":
                _endPrintMode = Number(values, 1, -1) is >= 0 and <= 4 and int mode ? mode : _endPrintMode;
                _reprintOnCommand = values.Length > 4 ? values[4] is "e" or "E" : _reprintOnCommand;
                break;
            case "MF" when values.Length > 1:
                _feedsAtHeadClose = values[1] is not ("N" or "n");
                break;
            case "XZ":
                EndField();
                break;
        }
    }

    private void Draw(string graphic)
    {
        if (_drawnCode is null && GraphicField.Read(graphic) is { } picture && QrImage.Read(picture) is { } symbol)
        {
            _drawnCode = (symbol.Text, _field.Y + picture.Height);
        }
    }

    private void EndField()
    {
        _field.BarHeight = _barHeight;
        Field? waiting = _field is { Number: int n, Data: not null }
            ? _fields.FirstOrDefault(f => f.Number == n && f.Data is null)
            : null;
        if (waiting is not null)
        {
            // Data for a field of a recalled format: ^FN1^FDdata^FS.
            waiting.Data = _field.Data;
            waiting.Escape = _field.Escape ?? waiting.Escape;
        }
        else if (_field.Data is not null || _field.Number is not null)
        {
            _fields.Add(_field);
        }

        _field = new Field();
    }

    private static int Number(string[] values, int index, int otherwise) =>
        index < values.Length && int.TryParse(values[index], NumberStyles.Integer, CultureInfo.InvariantCulture, out int n)
            ? n
            : otherwise;

    /// <summary>
    /// The switches in front of QR data: error correction, input mode, comma. Without them a printer eats the first
    /// three characters and says nothing, so that is what happens here.
    /// </summary>
    private static (string Payload, char Level) Payload(string data, char level)
    {
        if (data.Length < 3)
        {
            return ("", level);
        }

        char chosen = char.ToUpperInvariant(data[0]) is 'H' or 'Q' or 'M' or 'L' ? char.ToUpperInvariant(data[0]) : level;
        string rest = data[3..];
        if (char.ToUpperInvariant(data[1]) != 'M' || rest.Length == 0)
        {
            return (rest, chosen);
        }

        // Manual input mode: one letter for the character mode, and for bytes four digits of length.
        bool bytes = char.ToUpperInvariant(rest[0]) == 'B';
        return (rest[Math.Min(bytes ? 5 : 1, rest.Length)..], chosen);
    }

    private sealed record Verification(int Number, int Length, string Header, string Terminator)
    {
        public string Answer(IEnumerable<Field> fields)
        {
            string data = fields.FirstOrDefault(f => f.Number == Number)?.Text() ?? "";
            return Header + data[..Math.Min(data.Length, Length)] + Terminator;
        }
    }

    private sealed class Field
    {
        public int Y { get; set; }

        public int Magnification { get; set; }

        public int BarHeight { get; set; }

        public char Level { get; set; } = 'Q';

        public char? Escape { get; set; }

        public int? Number { get; set; }

        public byte[]? Data { get; set; }

        public string Text()
        {
            return Decoded(Data ?? [], Escape);
        }

        public static string Decoded(string text, char? indicator) => Decoded(Encoding.UTF8.GetBytes(text), indicator);

        private static string Decoded(byte[] data, char? indicator)
        {
            if (indicator is not char escape)
            {
                return Encoding.UTF8.GetString(data);
            }

            var bytes = new List<byte>(data.Length);
            for (int i = 0; i < data.Length; i++)
            {
                bool escaped = data[i] == escape && i + 2 < data.Length
                    && char.IsAsciiHexDigit((char)data[i + 1]) && char.IsAsciiHexDigit((char)data[i + 2]);
                bytes.Add(escaped ? Convert.FromHexString(Encoding.ASCII.GetString(data, i + 1, 2))[0] : data[i]);
                i += escaped ? 2 : 0;
            }

            return Encoding.UTF8.GetString([.. bytes]);
        }
    }
}
