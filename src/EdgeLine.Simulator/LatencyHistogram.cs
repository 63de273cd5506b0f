using System.Numerics;

namespace EdgeLine.Simulator;

/// <summary>
/// Counts durations in buckets about 3 % wide from 1 microsecond to an hour. Memory does not grow with the number of
/// measurements; a quantile is never reported too small.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerOctave = 32;
    private readonly long[] _buckets = new long[40 * StepsPerOctave];

    /// <summary>Number of measurements.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one duration.</summary>
    public void Add(TimeSpan duration)
    {
        ulong micros = (ulong)Math.Max(duration.TotalMicroseconds, 0) + 1;
        int octave = BitOperations.Log2(micros);
        int step = (int)((micros - (1UL << octave)) * StepsPerOctave >> octave);
        _buckets[Math.Min(octave * StepsPerOctave + step, _buckets.Length - 1)]++;
        Count++;
    }

    /// <summary>Adds all measurements of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] += other._buckets[i];
        }

        Count += other.Count;
    }

    /// <summary>The upper edge of the bucket that holds the given share of measurements, in milliseconds; 0 when empty.</summary>
    public double MillisecondsAt(double share)
    {
        long wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (int i = 0; i < _buckets.Length && Count > 0; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
            {
                double octave = 1UL << (i / StepsPerOctave);
                return octave * (1 + (i % StepsPerOctave + 1.0) / StepsPerOctave) / 1000;
            }
        }

        return 0;
    }
}
