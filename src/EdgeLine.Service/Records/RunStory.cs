using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Records;

/// <summary>Adds up one run from codes and decoded entries, in their order.</summary>
internal sealed class RunStory(RunHead run)
{
    private readonly Dictionary<string, long> _states = [];
    private readonly Dictionary<string, CodeFact> _facts = [];
    private readonly Dictionary<string, long> _rejects = [];
    private readonly Dictionary<string, long> _voids = [];
    private readonly Dictionary<string, string> _open = [];
    private readonly List<ActionLine> _actions = [];
    private readonly List<FailedCheck> _failedChecks = [];
    private bool _checkedAfter;
    private long _leased;
    private long _otherRuns;
    private long _lastGoodCheck = run.StartSeq;
    private readonly Dictionary<string, long> _never = [];

    public string RunId => run.RunId;

    public int OpenCodes => _open.Count;

    /// <summary>Codes that are not verified and were too many to be listed.</summary>
    public long CodesBeyond => Math.Max(0, OfThisRun - _states.GetValueOrDefault("verified") - _open.Count);

    public IReadOnlyDictionary<string, long> States => _states;

    public long OfThisRun => _states.Values.Sum();

    public long Reworked { get; private set; }

    public long RejectedItems { get; private set; }

    /// <summary>Samples of the run that count as items of its target.</summary>
    public long SamplesInTarget { get; private set; }

    public IReadOnlyList<ActionLine> Actions => _actions;

    public IReadOnlyList<FailedCheck> FailedChecks => _failedChecks;

    public IReadOnlyList<ReasonCount> Rejects => Sorted(_rejects);

    public IReadOnlyList<ReasonCount> Voids => Sorted(_voids);

    public OrderCodes Order
    {
        get
        {
            long available = _never.GetValueOrDefault("available");
            long returned = _never.GetValueOrDefault("returned");
            long expired = _never.GetValueOrDefault("expired");
            long withdrawn = _never.GetValueOrDefault("void");
            return new OrderCodes(
                _leased, OfThisRun, _otherRuns, available, returned, expired, withdrawn,
                _leased - OfThisRun - _otherRuns - available - returned - expired - withdrawn);
        }
    }

    /// <summary>One page of codes of the order.</summary>
    public void Take(IReadOnlyList<(string RunId, string State, long Count)> states, IReadOnlyList<RunReport.CodeRow> open, long leased)
    {
        _leased += leased;
        foreach ((string of, string state, long count) in states)
        {
            if (of == RunId)
            {
                _states[state] = _states.GetValueOrDefault(state) + count;
            }
            else if (of.Length > 0)
            {
                _otherRuns += count;
            }
            else
            {
                _never[state] = _never.GetValueOrDefault(state) + count;
            }
        }

        foreach (RunReport.CodeRow row in open)
        {
            _open[row.Code] = row.State;
        }
    }

    /// <summary>One entry that is no plain print or read; after the run only what concerns its codes counts.</summary>
    public void Take(JournalEntry entry, bool duringRun)
    {
        if (entry.Kind == JournalKind.ScannerCheck)
        {
            TakeCheck(entry, duringRun);
        }

        bool ours = entry.RunId == RunId || _open.ContainsKey(entry.Code) || _facts.ContainsKey(entry.Code);
        if (!duringRun && (entry.Code.Length == 0 || !ours))
        {
            return;
        }

        switch (entry.Kind)
        {
            case JournalKind.Rejected:
                // An unreadable label that is found later was counted as an item without a read before.
                bool known = entry.Reason is "no-read" or "several-codes" or "rework";
                if (!known)
                {
                    Count(_rejects, entry.Reason);
                    RejectedItems++;
                }

                break;
            case JournalKind.ItemRejected:
                Count(_rejects, entry.Reason);
                RejectedItems++;
                break;
            case JournalKind.Void:
                Count(_voids, entry.Reason);
                break;
            case JournalKind.Verified:
                Reworked++;
                break;
            case JournalKind.Intruder:
                Count(_rejects, entry.Reason);
                RejectedItems += entry.Reason == "second-label" ? 0 : 1;
                break;
            case JournalKind.Sampled:
                // Another item is made for it, or it counts as one of the target itself.
                SamplesInTarget += duringRun && entry.Count == 0 ? 1 : 0;
                break;
            default:
                break;
        }

        if (entry.Code.Length > 0 && entry.Kind != JournalKind.Intruder)
        {
            _facts[entry.Code] = new CodeFact(entry.Reason, entry.Who, entry.AtUnixMs, entry.Seq, entry.Kind);
        }

        if (entry.Who.Length > 0 || entry.Code.Length == 0 && entry.Kind is not JournalKind.ItemRejected)
        {
            _actions.Add(new ActionLine(
                entry.Seq, entry.AtUnixMs, entry.Kind.ToString(), entry.Reason, entry.Who, entry.Count,
                entry.Kind is JournalKind.RunStarted or JournalKind.Leased or JournalKind.LedgerOpened ? "" : entry.Detail,
                entry.Code.Length > 4 ? entry.Code[^4..] : entry.Code));
        }
    }

    /// <summary>Codes whose way was not simply printed and read, oldest news first.</summary>
    public IEnumerable<CodeLine> Exceptions() =>
        _open.Select(open => Line(open.Key, open.Value))
            .Concat(_facts.Where(f => !_open.ContainsKey(f.Key)).Select(f => Line(f.Key, "verified")))
            .OrderBy(line => line.Seq);

    private CodeLine Line(string code, string state)
    {
        CodeFact fact = _facts.GetValueOrDefault(code);
        return new CodeLine(code, state, fact.Reason ?? "", fact.Who ?? "", fact.AtMs, fact.Seq);
    }

    // The first check after the run still tells of what was read in it.
    private void TakeCheck(JournalEntry entry, bool duringRun)
    {
        if (_checkedAfter)
        {
            return;
        }

        if (entry.Reason == "passed")
        {
            _lastGoodCheck = entry.Seq;
        }
        else if (entry.Reason == "failed")
        {
            _failedChecks.Add(new FailedCheck(entry, _lastGoodCheck, Math.Min(entry.Seq, run.EndSeq ?? entry.Seq)));
        }

        _checkedAfter = !duringRun && entry.Reason is "passed" or "failed";
    }

    private static void Count(Dictionary<string, long> counts, string reason) => counts[reason] = counts.GetValueOrDefault(reason) + 1;

    private static List<ReasonCount> Sorted(Dictionary<string, long> counts) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => new ReasonCount(c.Key, c.Value))];

    private readonly record struct CodeFact(string Reason, string Who, long AtMs, long Seq, JournalKind Kind);
}
