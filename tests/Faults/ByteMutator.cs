namespace EdgeLine.Faults;

/// <summary>Makes bad input out of good input: what comes out was nearly right, which is what wrong bytes mostly are.</summary>
/// <param name="corpus">Good inputs.</param>
/// <param name="words">What this kind of input is made of, and what has broken such readers before.</param>
internal sealed class ByteMutator(IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words)
{
    /// <summary>Longest input in bytes; the limits of the readers themselves have tests of their own.</summary>
    public const int LengthMax = 8 * 1024;

    // Now and then in place of a change by bytes: a whole value of a JSON text, so that the text stays sound around it.
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "[null]", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "0", "-1", "1.5", "1e999", "-0", "2147483648", "9223372036854775807",
            "99999999999999999999", "\"\"", "\" \"", "\"\\u0000\"", "\"\\uD800\"", "\"../../etc/passwd\"", "\"tcp://\"", "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59+14:00\"", "\"00000000-0000-0000-0000-000000000000\"", $"\"{new string('x', 600)}\"",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>The next input; <paramref name="below"/> draws a number from 0 up to, not including, its argument.</summary>
    public byte[] Next(Func<int, int> below)
    {
        List<byte> bytes = [.. corpus[below(corpus.Count)]];
        for (int changes = below(5); changes >= 0; changes--)
        {
            Change(bytes, below);
            if (bytes.Count > LengthMax)
            {
                bytes.RemoveRange(LengthMax, bytes.Count - LengthMax);
            }
        }

        return [.. bytes];
    }

    /// <summary>The next input in which only whole JSON values are wrong, so that it gets past the reader of the JSON.</summary>
    public byte[] NextSound(Func<int, int> below)
    {
        List<byte> bytes = [.. corpus[below(corpus.Count)]];
        for (int changes = below(3); changes > 0; changes--)
        {
            Value(bytes, below(bytes.Count), Values[below(Values.Length)]);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, Func<int, int> below)
    {
        int at = below(bytes.Count + 1);
        int count = Math.Min(bytes.Count - at, 1 + below(below(10) == 0 ? LengthMax : 8));
        switch (below(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << below(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)below(256);
                break;
            case 2:
                bytes.RemoveRange(at, count);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 4:
                bytes.InsertRange(at, words.Count > 0 ? words[below(words.Count)] : [(byte)below(256)]);
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                byte[] other = corpus[below(corpus.Count)];
                bytes.InsertRange(at, other.AsSpan(below(other.Length + 1)).ToArray());
                break;
            case 7:
                Number(bytes, at);
                break;
            default:
                Value(bytes, at, Values[below(Values.Length)]);
                break;
        }
    }

    // Lengths and counts are what readers trust too early: the next digit begins a very large one.
    private static void Number(List<byte> bytes, int from)
    {
        int at = bytes.FindIndex(from, b => b is >= (byte)'0' and <= (byte)'9');
        if (at >= 0)
        {
            bytes.InsertRange(at, "99999999"u8.ToArray());
        }
    }

    private static void Value(List<byte> bytes, int from, byte[] value)
    {
        int at = bytes.IndexOf((byte)':', from) + 1;
        if (at > 0)
        {
            int end = bytes.FindIndex(at, b => b is (byte)',' or (byte)'}' or (byte)'\n');
            bytes.RemoveRange(at, (end < 0 ? bytes.Count : end) - at);
            bytes.InsertRange(at, value);
        }
    }
}
