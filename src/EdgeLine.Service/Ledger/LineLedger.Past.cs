using EdgeLine.Contracts;

namespace EdgeLine.Service.Ledger;

/// <content>What was written long ago: entries that may have left the file for their segments, and copies of all of it.</content>
public sealed partial class LineLedger
{
    /// <summary>Stored leaves after a number, from the segments where the database has given them away.</summary>
    /// <exception cref="LedgerException">A segment that is needed is not there or not whole.</exception>
    public async Task<IReadOnlyList<byte[]>> LeavesAsync(long afterSeq, int max)
    {
        IReadOnlyList<byte[]> leaves = await AskAsync(db => LedgerQueries.Leaves(db, afterSeq, max));
        if (leaves.Count == 0 || SealedEntries.SeqOf(leaves[0]) == afterSeq + 1)
        {
            return leaves;
        }

        IReadOnlyList<Segment> segments = await AskAsync(Segment.All);
        await _sealedTurn.WaitAsync();
        try
        {
            return await Task.Run(() => _sealed.Leaves(segments, afterSeq, max));
        }
        finally
        {
            _sealedTurn.Release();
        }
    }

    /// <summary>Hash of the stored leaf of a number, lower-case hex, or null when there is no such entry.</summary>
    public async Task<string?> HashAtAsync(long seq) =>
        await LeavesAsync(seq - 1, 1) is [byte[] leaf] && SealedEntries.SeqOf(leaf) == seq ? Convert.ToHexStringLower(JournalLeaf.HashOf(leaf)) : null;

    /// <summary>Verified entries after one number, up to another.</summary>
    public async Task<long> VerifiedBetweenAsync(long afterSeq, long throughSeq)
    {
        long first = await AskAsync(LedgerQueries.FirstKept);
        long found = await AskAsync(db => LedgerQueries.VerifiedBetween(db, afterSeq, throughSeq));
        while (afterSeq < throughSeq && afterSeq + 1 < first)
        {
            IReadOnlyList<byte[]> leaves = await LeavesAsync(afterSeq, (int)Math.Min(1000, Math.Min(throughSeq, first - 1) - afterSeq));
            found += leaves.Count(l => JournalLeaf.Decode(l).Kind == JournalKind.Verified);
            afterSeq += leaves.Count;
        }

        return found;
    }

    /// <summary>Copies the whole file; the ledger's thread stands still meanwhile, about 3 s for a GB.</summary>
    /// <param name="path">The new file; there must be none of that name.</param>
    public Task CopyAsync(string path)
    {
        var job = new CopyJob(path);
        Add(job);
        return job.Done;
    }
}
