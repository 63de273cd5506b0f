using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Reads JSON that people write: comments and trailing commas are fine, and every value knows its line and key.
/// Whatever the file holds, the answer is a value or problems, in bounded time and memory.
/// </summary>
public static class SettingsFile
{
    /// <summary>A larger file is refused; the largest site needs a hundredth of it.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>Sections within sections; ours need five.</summary>
    public const int DepthMax = 16;

    private static readonly JsonReaderOptions ReaderOptions =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64 };

    /// <summary>The outermost section of the file, or null after a problem was added.</summary>
    public static SettingsValue? Read(string path, ICollection<SettingsProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(problems);
        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(path, BytesMax);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string what = error is FileNotFoundException or DirectoryNotFoundException ? "file not found" : "file not readable";
            problems.Add(WholeFile(path, what, error.Message, "check path and permissions"));
            return null;
        }

        return Parse(path, bytes, problems);
    }

    /// <summary>The same for bytes that are already in memory; <paramref name="path"/> only names them.</summary>
    public static SettingsValue? Parse(string path, ReadOnlySpan<byte> bytes, ICollection<SettingsProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (bytes.Length > BytesMax)
        {
            problems.Add(WholeFile(path, "file too large", $"more than {BytesMax} bytes", "is this the right file?"));
            return null;
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        var text = new SettingsText(path, bytes);
        if (FirstByteOutsideUtf8(bytes) is { } wrong)
        {
            // Editors on Chinese Windows save GBK unless told otherwise.
            problems.Add(text.Problem(
                wrong, "not UTF-8 text", $"byte {bytes[wrong]:X2}", "UTF-8", "save the file with encoding UTF-8"));
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, ReaderOptions);
            reader.Read();
            SettingsValue root = text.ReadValue(ref reader, key: "", depth: 0);
            reader.Read();
            if (root.Kind == SettingsKind.Section)
            {
                return root;
            }

            problems.Add((root with { Key = SettingsProblem.WholeFile }).Problem(
                "not a section", "{ ... } around everything", "put braces around the settings"));
        }
        catch (SettingsTextException error)
        {
            problems.Add(error.Problem);
        }
        catch (JsonException error)
        {
            problems.Add(text.SyntaxProblem(error));
        }

        return null;
    }

    private static SettingsProblem WholeFile(string path, string what, string value, string remedy) => new()
    {
        File = path,
        Line = 1,
        Column = 1,
        Key = SettingsProblem.WholeFile,
        What = what,
        Value = value,
        Limit = string.Create(CultureInfo.InvariantCulture, $"a readable file of at most {BytesMax} bytes"),
        Remedy = remedy,
    };

    private static int? FirstByteOutsideUtf8(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return null;
    }
}
