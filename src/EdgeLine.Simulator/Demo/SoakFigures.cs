using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// Figures of a process on its way through many labels, tenth by tenth: the middle of all samples of each tenth. The larger
/// of the last two may be at most 1.1 times the largest of the first three, which count from the 10,000th label on: in the third
/// the first part of the journal is sealed, and then a service has used everything once and filled what it remembers. What a busy PC makes of the heap in between goes away
/// again; what stays with each label is there at the end.
/// </summary>
/// <param name="labels">Labels in all.</param>
internal sealed class SoakFigures(long labels)
{
    /// <summary>Fewer labels have nothing to compare with.</summary>
    public const int LabelsMin = 1_000_000;

    private const int Parts = 10, AtBegin = 3, AtEnd = 2;
    private const long WarmUp = 10_000;
    private const double MayGrow = 1.1;

    private readonly SortedDictionary<string, List<double>[]> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _least = [];
    private readonly HashSet<string> _snapshots = [];

    /// <summary>Adds a sample.</summary>
    /// <param name="name">Of the figure.</param>
    /// <param name="done">Labels so far.</param>
    /// <param name="value">The figure now.</param>
    /// <param name="least">What is less is flat, whatever it does.</param>
    /// <param name="isSnapshot">
    /// It stays until it is taken anew, now and then in the middle of something: what stays with each label is in both of the last tenths.
    /// </param>
    public void Add(string name, long done, double value, double least = 1, bool isSnapshot = false)
    {
        _least[name] = least;
        if (isSnapshot)
        {
            _snapshots.Add(name);
        }

        if (done < WarmUp)
        {
            return;
        }

        if (!_samples.TryGetValue(name, out List<double>[]? parts))
        {
            _samples[name] = parts = [.. Enumerable.Range(0, Parts).Select(_ => new List<double>())];
        }

        parts[Math.Min(done * Parts / labels, Parts - 1)].Add(value);
    }

    /// <summary>What is not flat, or was not seen, in words.</summary>
    public IEnumerable<string> Problems()
    {
        foreach ((string name, List<double>[] parts) in _samples)
        {
            if (Array.Exists(parts, p => p.Count == 0))
            {
                yield return $"soak: {name} was not seen in each tenth";
            }
            else if (Growth(name, parts) > MayGrow)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"soak: {name} grew to {Growth(name, parts):0.00} times: {string.Join(", ", parts.Select(p => Math.Round(Middle(p))))}");
            }
        }
    }

    /// <summary>A table for people.</summary>
    public string Draw()
    {
        var card = new StringBuilder();
        foreach ((string name, List<double>[] parts) in _samples.Where(s => Array.TrueForAll(s.Value, p => p.Count > 0)))
        {
            card.AppendLine(CultureInfo.InvariantCulture,
                $"  {name,-36}{Math.Round(parts.Take(AtBegin).Max(Middle)),14}{Math.Round(End(name, parts)),14}{Growth(name, parts),8:0.00} times");
        }

        return card.ToString();
    }

    /// <summary>Each figure, tenth by tenth.</summary>
    public JsonObject ToJson() => new(_samples.Select(s => KeyValuePair.Create(
        s.Key, (JsonNode?)new JsonArray([.. s.Value.Select(p => (JsonNode)JsonValue.Create(p.Count == 0 ? -1 : Math.Round(Middle(p))))]))));

    private double Growth(string name, List<double>[] parts) =>
        Math.Max(End(name, parts), _least[name]) / Math.Max(parts.Take(AtBegin).Max(Middle), _least[name]);

    private double End(string name, List<double>[] parts) =>
        _snapshots.Contains(name) ? parts.TakeLast(AtEnd).Min(Middle) : parts.TakeLast(AtEnd).Max(Middle);

    private static double Middle(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
