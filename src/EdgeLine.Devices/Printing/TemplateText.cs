using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>The text of a template file: UTF-8 and of a size that a label has.</summary>
internal static class TemplateText
{
    // One character more than a template may have, each of four bytes, is enough to be refused for its length.
    private const int BytesMax = 4 * (ZplTemplate.TemplateCharsMax + 1);

    /// <summary>The text, or why there is none.</summary>
    public static (string? Text, LabelProblem? Problem) Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(file, BytesMax);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new(file, 0, "file", $"it cannot be read: {e.Message.TrimEnd('.')}.", "Name a template file that is there."));
        }

        if (bytes.Length > BytesMax)
        {
            return (null, new(
                file, 0, $"more than {BytesMax} bytes", $"at most {ZplTemplate.TemplateCharsMax} characters.",
                "Make the graphics smaller."));
        }

        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        for (int at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return (null, new(
                    file, 1 + text[..at].Count((byte)'\n'), $"byte 0x{text[at]:X2}", "a template is UTF-8 text.",
                    "Save it as UTF-8 (not GBK, not UTF-16)."));
            }

            at += length;
        }

        return (Encoding.UTF8.GetString(text), null);
    }
}
