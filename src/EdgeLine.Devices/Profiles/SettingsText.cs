using System.Text;
using System.Text.Json;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// The text of one settings file while it is read: knows which line an offset is on and builds the values.
/// Problems leave it as <see cref="SettingsTextException"/>, because after a broken bracket nothing else can be trusted.
/// </summary>
internal readonly ref struct SettingsText
{
    // Each value carries its whole path, so a long name would be copied for everything below it.
    private const int NameMax = 100;

    // So far back characters are counted one by one; before that a byte is taken for one. Else a file of one line would take hours.
    private const int CountedBytes = 4096;

    private const int WordsMax = 200;

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly List<int> _lineStarts;

    public SettingsText(string file, ReadOnlySpan<byte> bytes)
    {
        _file = file;
        _bytes = bytes;
        _lineStarts = [0];
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] == '\n')
            {
                _lineStarts.Add(at + 1);
            }
        }
    }

    /// <summary>Reads the value at the reader's token, with all it contains.</summary>
    public SettingsValue ReadValue(ref Utf8JsonReader reader, string key, int depth)
    {
        int offset = (int)reader.TokenStartIndex;
        (int line, int column) = Place(offset);
        SettingsValue Of(SettingsKind kind, string file) => new(file, line, column, key, kind);
        if (depth > SettingsFile.DepthMax)
        {
            throw new SettingsTextException(Problem(
                offset, "too many levels", key, $"{SettingsFile.DepthMax} levels", "close a bracket earlier"));
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Of(SettingsKind.Section, _file) with { Members = ReadMembers(ref reader, key, depth) },
            JsonTokenType.StartArray => Of(SettingsKind.List, _file) with { Items = ReadItems(ref reader, key, depth) },
            JsonTokenType.String => Of(SettingsKind.Text, _file) with { Raw = TextAt(ref reader) },
            JsonTokenType.Number => Of(SettingsKind.Number, _file) with { Raw = Encoding.UTF8.GetString(reader.ValueSpan) },
            JsonTokenType.True or JsonTokenType.False => Of(SettingsKind.Truth, _file) with
            {
                Raw = reader.TokenType == JsonTokenType.True ? "true" : "false",
            },
            _ => Of(SettingsKind.Nothing, _file),
        };
    }

    /// <summary>What the JSON reader found, in words for the person who wrote the file.</summary>
    public SettingsProblem SyntaxProblem(JsonException error)
    {
        int line = (int)Math.Min(error.LineNumber ?? 0, _lineStarts.Count - 1);
        int start = _lineStarts[line];
        int offset = Math.Min(start + (int)(error.BytePositionInLine ?? 0), _bytes.Length);
        string what = error.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
        if (what.Length > WordsMax || what.Any(char.IsControl))
        {
            // The reader's words hold what it could not read, to its end and as it is.
            what = SettingsProblem.Quote(what).Trim('"');
        }

        int end = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] : _bytes.Length;
        string shown = Encoding.UTF8.GetString(_bytes[start..end]).Trim();
        return Problem(
            offset,
            $"not JSON: {what}",
            SettingsProblem.Quote(shown),
            "JSON, where // comments and trailing commas are allowed",
            "look for a missing comma, quote or bracket here or on the line before");
    }

    public SettingsProblem Problem(int offset, string what, string value, string limit, string remedy)
    {
        (int line, int column) = Place(offset);
        return new SettingsProblem
        {
            File = _file,
            Line = line,
            Column = column,
            Key = SettingsProblem.WholeFile,
            What = what,
            Value = value,
            Limit = limit,
            Remedy = remedy,
        };
    }

    private List<SettingsMember> ReadMembers(ref Utf8JsonReader reader, string key, int depth)
    {
        var members = new List<SettingsMember>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            (int line, int column) = Place((int)reader.TokenStartIndex);
            string name = TextAt(ref reader);
            if (name.Length is 0 or > NameMax)
            {
                throw new SettingsTextException(Problem(
                    (int)reader.TokenStartIndex,
                    name.Length == 0 ? "a key without a name" : "a key too long",
                    SettingsProblem.Quote(name),
                    $"1 to {NameMax} characters",
                    "look for a missing quote or comma"));
            }

            reader.Read();
            string path = key.Length == 0 ? name : $"{key}.{name}";
            members.Add(new SettingsMember(name, line, column, ReadValue(ref reader, path, depth + 1)));
        }

        return members;
    }

    private List<SettingsValue> ReadItems(ref Utf8JsonReader reader, string key, int depth)
    {
        var items = new List<SettingsValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, $"{key}[{items.Count}]", depth + 1));
        }

        return items;
    }

    private string TextAt(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // "\ud800" alone is well-formed JSON but no text.
            throw new SettingsTextException(Problem(
                (int)reader.TokenStartIndex,
                "half a character",
                SettingsProblem.Quote(Encoding.UTF8.GetString(reader.ValueSpan)),
                "whole Unicode characters",
                "write the character itself instead of \\u"));
        }
    }

    private (int Line, int Column) Place(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        int counted = Math.Max(_lineStarts[line], offset - CountedBytes);
        return (line + 1, counted - _lineStarts[line] + Encoding.UTF8.GetCharCount(_bytes[counted..offset]) + 1);
    }
}

/// <summary>Ends the reading of one file; caught in <see cref="SettingsFile"/> and nowhere else.</summary>
internal sealed class SettingsTextException(SettingsProblem problem) : Exception(problem.What)
{
    public SettingsProblem Problem { get; } = problem;
}
