using System.Text;

namespace EdgeLine.Service.Operations;

/// <summary>
/// A PIN or a badge for a command: typed without being shown, or from a file or a pipe; never an argument, because
/// arguments stand in the list of processes and in the shell's memory.
/// </summary>
internal static class TypedSecret
{
    /// <summary>The text without white space around it; empty when Enter alone was pressed.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Read(FileInfo? file, string prompt)
    {
        if (file is not null)
        {
            return File.ReadAllText(file.FullName).Trim();
        }

        if (Console.IsInputRedirected)
        {
            return Console.ReadLine()?.Trim() ?? "";
        }

        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString().Trim();
    }
}
