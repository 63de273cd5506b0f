using System.Diagnostics.CodeAnalysis;

namespace EdgeLine.Devices.Printing;

/// <summary>One command of a ZPL file: prefix, name in capitals, and everything up to the next prefix.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Prefix"><c>^</c> or <c>~</c>.</param>
/// <param name="Name">Two characters; only <c>A</c>, the font command, has one.</param>
/// <param name="Parameters">The rest, without line breaks and tabs.</param>
internal readonly record struct ZplCommand(int Line, char Prefix, string Name, string Parameters)
{
    public override string ToString() => Prefix + Name + Parameters;

    /// <summary>A parameter by its position, trimmed; empty when it is not there.</summary>
    public string Parameter(int at)
    {
        string[] all = Parameters.Split(',');
        return at < all.Length ? all[at].Trim() : "";
    }

    /// <summary>Cuts a file into commands; text before the first one and control bytes are problems.</summary>
    public static List<ZplCommand> Read(string file, string text, List<LabelProblem> problems)
    {
        List<ZplCommand> commands = [];
        int line = 1, at = 0;
        while (at < text.Length)
        {
            int start = at, startLine = line;
            do
            {
                line += text[at] == '\n' ? 1 : 0;
                CheckControl(file, line, text[at], problems);
                at++;
            }
            while (at < text.Length && text[at] is not ('^' or '~'));

            string piece = Unbroken(text.AsSpan(start, at - start));
            if (piece[0] is '^' or '~')
            {
                if (TryCut(startLine, piece, out ZplCommand? command))
                {
                    commands.Add(command.Value);
                }
                else
                {
                    problems.Add(new(file, startLine, $"'{piece}'", "this is no ZPL command.", "Remove it."));
                }
            }
            else if (piece.Trim().Length > 0)
            {
                problems.Add(new(file, startLine, $"'{piece.Trim()}'", "text stands before the first command.",
                    "Remove it."));
            }
        }

        return commands;
    }

    private static bool TryCut(int line, string piece, [NotNullWhen(true)] out ZplCommand? command)
    {
        command = null;
        if (piece.Length >= 2 && piece[0] == '^' && piece[1] is 'A' or 'a')
        {
            // ^A takes the font as its next character, except ^XA-like names, which do not begin with A.
            command = new ZplCommand(line, piece[0], "A", piece[2..]);
        }
        else if (piece.Length >= 3 && char.IsAsciiLetterOrDigit(piece[1]) && char.IsAsciiLetterOrDigit(piece[2]))
        {
            command = new ZplCommand(line, piece[0], piece[1..3].ToUpperInvariant(), piece[3..]);
        }

        return command is not null;
    }

    // Line breaks between commands mean nothing to a printer, and editors put them everywhere.
    private static string Unbroken(ReadOnlySpan<char> piece)
    {
        string whole = piece.ToString();
        return whole.AsSpan().IndexOfAny('\r', '\n', '\t') < 0
            ? whole
            : whole.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
                .Replace("\t", "", StringComparison.Ordinal) is { Length: > 0 } rest ? rest : " ";
    }

    private static void CheckControl(string file, int line, char c, List<LabelProblem> problems)
    {
        // 02, 03 and 0F stand for ^XA, ^XZ and ^FS; 10, 1E and 1F are prefixes inside stored files.
        if (char.IsControl(c) && c is not ('\r' or '\n' or '\t'))
        {
            problems.Add(new(
                file,
                line,
                $"byte 0x{(int)c:X2}",
                "control bytes can be commands to a printer.",
                "Remove it with a text editor."));
        }
    }
}
