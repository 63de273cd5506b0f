using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Reads a QR symbol that is drawn without a fault: dots to modules, mask away, code words in their order, text out. No
/// error correction, because paper that lost rows is judged elsewhere. Source: ISO/IEC 18004, model 2, versions 1 to 12.
/// </summary>
internal static class QrImage
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    // For each version from 1: number of blocks and data code words of the first ones; the last blocks have one more.
    private static readonly Dictionary<char, (int Blocks, int Words)[]> DataWords = new()
    {
        ['L'] = [(1, 19), (1, 34), (1, 55), (1, 80), (1, 108), (2, 136), (2, 156), (2, 194), (2, 232), (4, 274), (4, 324), (4, 370)],
        ['M'] = [(1, 16), (1, 28), (1, 44), (2, 64), (2, 86), (4, 108), (4, 124), (4, 154), (5, 182), (5, 216), (5, 254), (8, 290)],
        ['Q'] = [(1, 13), (1, 22), (2, 34), (2, 48), (4, 62), (4, 76), (6, 88), (6, 110), (8, 132), (8, 154), (8, 180), (10, 206)],
        ['H'] = [(1, 9), (1, 16), (2, 26), (4, 36), (4, 46), (4, 60), (5, 66), (6, 86), (8, 100), (8, 122), (11, 140), (11, 158)],
    };

    private static readonly int[][] Alignment =
    [
        [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50], [6, 30, 54], [6, 32, 58],
    ];

    private static readonly ConcurrentDictionary<int, bool[]> FunctionModules = new();

    /// <summary>The text and how many modules a side has, or null when the picture is no such symbol.</summary>
    public static (string Text, int Modules)? Read(GraphicField picture)
    {
        // The upper left finder pattern begins with a black line of 7 modules.
        int run = 0;
        while (picture.IsBlack(run, 0))
        {
            run++;
        }

        int dots = run / 7, modules = dots == 0 ? 0 : picture.Height / dots;
        if (dots == 0 || run % 7 != 0 || picture.Height % dots != 0 || modules < 21 || (modules - 17) % 4 != 0
            || modules > 65 || picture.Width < picture.Height)
        {
            return null;
        }

        bool Black(int x, int y) => picture.IsBlack((x * dots) + (dots / 2), (y * dots) + (dots / 2));
        if (!IsFinder(Black, 0, 0) || !IsFinder(Black, modules - 7, 0) || !IsFinder(Black, 0, modules - 7))
        {
            return null;
        }

        (char level, int mask) = Format(Black);
        return Text(Words(Black, modules, mask), modules, level) is { } text ? (text, modules) : null;
    }

    private static bool IsFinder(Func<int, int, bool> black, int left, int top) =>
        Enumerable.Range(0, 49).All(i =>
        {
            int ring = Math.Max(Math.Abs((i % 7) - 3), Math.Abs((i / 7) - 3));
            return black(left + (i % 7), top + (i / 7)) == (ring != 2);
        });

    private static (char Level, int Mask) Format(Func<int, int, bool> black)
    {
        int format = 0;
        for (int x = 0; x < 5; x++)
        {
            format = (format << 1) | (black(x, 8) ? 1 : 0);
        }

        format ^= 0b10101;
        return ("MLHQ"[format >> 3], format & 7);
    }

    // Where a symbol of this size carries no data; the same for all of them, so looked for once.
    private static bool[] FunctionsOf(int modules) => FunctionModules.GetOrAdd(
        modules, static size => [.. Enumerable.Range(0, size * size).Select(i => IsFunction(i % size, i / size, size))]);

    private static bool IsFunction(int x, int y, int modules)
    {
        int version = (modules - 17) / 4;
        bool corner = (x < 9 && y < 9) || (x < 9 && y >= modules - 8) || (x >= modules - 8 && y < 9);
        bool versionWord = version >= 7 && ((x < 6 && y >= modules - 11) || (y < 6 && x >= modules - 11));
        return corner || versionWord || x == 6 || y == 6 || IsAlignment(x, y, version, modules);
    }

    private static bool IsAlignment(int x, int y, int version, int modules)
    {
        int[] centres = Alignment[version - 1];
        return centres.Any(cx => centres.Any(cy =>
            Math.Abs(x - cx) <= 2 && Math.Abs(y - cy) <= 2
            && !(cx == 6 && (cy == 6 || cy == modules - 7)) && !(cy == 6 && cx == modules - 7)));
    }

    // Pairs of columns from the right, up and down in turn; the column of the timing pattern is left out.
    private static byte[] Words(Func<int, int, bool> black, int modules, int mask)
    {
        bool[] function = FunctionsOf(modules);
        List<byte> words = [];
        int word = 0, bits = 0;
        bool up = true;
        for (int right = modules - 1; right > 0; right -= 2)
        {
            right -= right == 6 ? 1 : 0;
            for (int i = 0; i < modules; i++)
            {
                int y = up ? modules - 1 - i : i;
                for (int x = right; x > right - 2; x--)
                {
                    if (function[(y * modules) + x])
                    {
                        continue;
                    }

                    word = (word << 1) | (black(x, y) ^ IsMasked(mask, x, y) ? 1 : 0);
                    if (++bits == 8)
                    {
                        words.Add((byte)word);
                        (word, bits) = (0, 0);
                    }
                }
            }

            up = !up;
        }

        return [.. words];
    }

    private static bool IsMasked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((y / 2) + (x / 3)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };

    private static string? Text(byte[] words, int modules, char level)
    {
        (int blocks, int total) = DataWords[level][((modules - 17) / 4) - 1];
        int shorter = blocks - (total % blocks), least = total / blocks;
        byte[] data = new byte[total];
        int at = 0;
        for (int i = 0; i <= least; i++)
        {
            for (int block = i < least ? 0 : shorter; block < blocks; block++)
            {
                data[(block * least) + Math.Max(0, block - shorter) + i] = words[at++];
            }
        }

        Bits bits = new(data);
        StringBuilder text = new();
        bool small = modules <= 17 + (4 * 9);
        while (bits.Left >= 4)
        {
            switch (bits.Take(4))
            {
                case 0:
                    return text.ToString();
                case 4:
                    for (int n = bits.Take(small ? 8 : 16); n > 0; n--)
                    {
                        text.Append((char)bits.Take(8));
                    }

                    break;
                case 1:
                    for (int n = bits.Take(small ? 10 : 12); n > 0; n -= 3)
                    {
                        int digits = Math.Min(n, 3);
                        text.Append(bits.Take(1 + (3 * digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0'));
                    }

                    break;
                case 2:
                    for (int n = bits.Take(small ? 9 : 11); n > 0; n -= 2)
                    {
                        int pair = bits.Take(n > 1 ? 11 : 6);
                        text.Append(n > 1 ? $"{Alphanumeric[pair / 45 % 45]}{Alphanumeric[pair % 45]}" : $"{Alphanumeric[pair % 45]}");
                    }

                    break;
                default:
                    return null;
            }
        }

        return text.ToString();
    }

    private sealed class Bits(byte[] bytes)
    {
        private int _at;

        public int Left => (bytes.Length * 8) - _at;

        public int Take(int count)
        {
            int value = 0;
            for (; count > 0; count--, _at++)
            {
                value = (value << 1) | (_at < bytes.Length * 8 ? (bytes[_at >> 3] >> (7 - (_at & 7))) & 1 : 0);
            }

            return value;
        }
    }
}
