namespace EdgeLine.Service.Line;

/// <summary>
/// Whether reading gets worse while a roll runs: means of batches of 100 items, in percent. Warns after seven falling
/// means in a row, or when their moving mean is low. The usual cause is a dirty head or a worn ribbon. It never judges
/// an item: a reader that reads is no verifier.
/// </summary>
public sealed class ReadTrend
{
    /// <summary>Items in a batch.</summary>
    public const int Batch = 100;

    /// <summary>So many batches in a row, each worse than the one before, are a trend.</summary>
    public const int Falling = 7;

    /// <summary>Weight of the newest batch in the moving mean.</summary>
    private const double Newest = 0.2;

    private readonly double _low;
    private double _sum;
    private int _items;
    private int _falls;
    private double _last = double.NaN;

    /// <summary>Makes an empty trend.</summary>
    /// <param name="low">A moving mean below this warns, percent.</param>
    public ReadTrend(double low) => _low = low;

    /// <summary>Moving mean of the batches, percent; null before the first batch is whole.</summary>
    public double? Mean { get; private set; }

    /// <summary>True while the trend is bad: until it rises again, or another roll begins.</summary>
    public bool Warns => _falls >= Falling || Mean < _low;

    /// <summary>One item, 0 to 100 percent.</summary>
    public void Add(double percent)
    {
        _sum += percent;
        if (++_items < Batch)
        {
            return;
        }

        double mean = _sum / Batch;
        (_sum, _items) = (0, 0);
        _falls = mean < _last ? _falls + 1 : 0;
        _last = mean;
        Mean = Mean is { } before ? before + (Newest * (mean - before)) : mean;
    }

    /// <summary>Another roll: what was seen on the old one says nothing about it.</summary>
    public void Reset()
    {
        (_sum, _items, _falls, _last) = (0, 0, 0, double.NaN);
        Mean = null;
    }
}
