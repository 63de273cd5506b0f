using System.Text;

namespace EdgeLine.Devices.Raster;

/// <summary>Cuts a text into lines: ideographs break anywhere, words at spaces, no word is torn.</summary>
internal static class TextLines
{
    /// <summary>Why a text does not fit into a block; null when it does.</summary>
    public static string? Refuse(string text, Func<Rune, int> advance, int linesMax, int width)
    {
        List<List<Rune>> lines = Wrap(text, advance, width);
        int widest = lines.Max(line => Length(line, advance));
        return lines.Count <= linesMax && widest <= width ? null
            : linesMax == 1 ? $"it needs {text.EnumerateRunes().Sum(advance)} dots of {width}"
            : widest > width ? $"a word in it needs {widest} dots of {width}"
            : $"it needs {lines.Count} lines of {width} dots, the block has {linesMax}";
    }

    /// <summary>The lines; one that is too wide has a single word.</summary>
    public static List<List<Rune>> Wrap(string text, Func<Rune, int> advance, int width)
    {
        List<List<Rune>> lines = [[]];
        foreach (List<Rune> word in Words(text))
        {
            List<Rune> line = lines[^1];
            if (line.Count > 0 && Length([.. line, .. word], advance) > width)
            {
                lines.Add(line = []);
            }

            if (line.Count > 0 || word[0].Value != ' ')
            {
                line.AddRange(word);
            }
        }

        return lines;
    }

    /// <summary>Dots of a line; spaces at its end take no room.</summary>
    public static int Length(List<Rune> line, Func<Rune, int> advance)
    {
        int count = line.Count;
        while (count > 0 && line[count - 1].Value == ' ')
        {
            count--;
        }

        return line.Take(count).Sum(advance);
    }

    private static IEnumerable<List<Rune>> Words(string text)
    {
        List<Rune> word = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool alone = rune.Value == ' ' || rune.Value >= 0x2E80;
            if (alone && word.Count > 0)
            {
                yield return word;
                word = [];
            }

            word.Add(rune);
            if (alone)
            {
                yield return word;
                word = [];
            }
        }

        if (word.Count > 0)
        {
            yield return word;
        }
    }
}
