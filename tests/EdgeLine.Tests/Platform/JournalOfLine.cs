using EdgeLine.Contracts;

namespace EdgeLine.Tests.Platform;

/// <summary>The journal that a line would keep: numbers its entries and chains them.</summary>
internal sealed class JournalOfLine(string lineId, Func<long> now)
{
    private byte[] _previous = JournalEntry.Genesis;

    public string LineId { get; } = lineId;

    public Guid LedgerId { get; init; } = Guid.NewGuid();

    public int Epoch { get; init; } = 1;

    public List<byte[]> Leaves { get; } = [];

    public long Seq => Leaves.Count;

    public byte[] Add(JournalKind kind, string code = "", string lease = "", long? at = null, long count = 0, string reason = "")
    {
        byte[] leaf = JournalLeaf.Encode(new JournalEntry
        {
            Seq = Seq + 1,
            LedgerId = LedgerId,
            Epoch = Epoch,
            Previous = _previous,
            Kind = kind,
            AtUnixMs = at ?? now(),
            Code = code,
            LeaseId = lease,
            Count = count,
            Reason = reason,
        });
        _previous = JournalLeaf.HashOf(leaf);
        Leaves.Add(leaf);
        return leaf;
    }

    public static JournalOfLine Opened(string lineId, Func<long> now)
    {
        var journal = new JournalOfLine(lineId, now);
        journal.Add(JournalKind.LedgerOpened);
        return journal;
    }
}

/// <summary>A line with its journal, its lease and what it has sent so far; the other end of the platform in a test.</summary>
internal sealed class LineUnderTest(PlatformUnderTest platform, string lineId)
{
    private int _references;
    private int _sent;

    public JournalOfLine Journal { get; } = JournalOfLine.Opened(lineId, () => platform.Clock.NowUnixMs);

    public string LeaseId { get; private set; } = "";

    public List<string> Codes { get; } = [];

    public async Task<LeaseGrant> Lease(int mayVerify, string? orderId = null)
    {
        LeaseGrant grant = (await Ask(mayVerify, orderId)).Ok(201).As<LeaseGrant>();
        LeaseId = grant.LeaseId;
        string file = (await platform.Get(lineId, $"/api/v1/leases/{LeaseId}/codes")).Ok().Text;
        Codes.Clear();
        Codes.AddRange(file.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return grant;
    }

    public Task<Reply> Ask(int mayVerify, string? orderId = null, string? key = null)
    {
        key ??= $"{lineId}-{++_references}";
        return platform.Post(lineId, $"/api/v1/orders/{orderId ?? platform.Work[lineId].OrderId}/leases",
            new LeaseRequest(lineId, Journal.LedgerId, Journal.Epoch, mayVerify, key), ("Idempotency-Key", key));
    }

    public LineUnderTest Print(string code) => Note(JournalKind.Print, code);

    public LineUnderTest Note(JournalKind kind, string code, string reason = "")
    {
        Journal.Add(kind, code, LeaseId, reason: reason);
        return this;
    }

    public async Task<Reply> Send()
    {
        Reply reply = await platform.Upload(lineId, lineId, Journal.Leaves[_sent..]);
        if (reply.Status == 200)
        {
            _sent = Journal.Leaves.Count;
        }

        return reply;
    }

    public async Task<Reconciliation> Account() =>
        (await platform.Get(lineId, $"/api/v1/leases/{LeaseId}/reconciliation")).Ok().As<Reconciliation>();
}
