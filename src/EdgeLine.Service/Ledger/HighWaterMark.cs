using System.Text.Json;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// A small file beside the ledger that remembers how far it once was. SQLite's own checks do not see a restored backup
/// or lost frames of the write-ahead log; this file does, as of its last writing.
/// </summary>
internal sealed class HighWaterMark(LedgerDisk disk, string folder, Guid ledgerId)
{
    /// <summary>What is younger than this may be missed, milliseconds; the platform's head covers it when online.</summary>
    private const long EveryMs = 2000;

    private readonly string _path = Path.Combine(folder, "high-water.json");
    private long _writtenMs;
    private long _writtenSeq;

    /// <summary>
    /// Refuses a ledger that is behind its mark, that is not the one which the mark belongs to, or that has another
    /// past than the mark.
    /// </summary>
    public void Demand(long headSeq, Func<long, string?> hashAt)
    {
        if (disk.Read(_path) is not { } written)
        {
            return;
        }

        Mark? mark = null;
        try
        {
            mark = JsonSerializer.Deserialize<Mark>(written);
        }
        catch (JsonException)
        {
            // A torn mark proves nothing against the ledger; the platform's head still does.
        }

        if (mark is null)
        {
            return;
        }

        if (mark.LedgerId != ledgerId || mark.Seq > headSeq)
        {
            throw new LedgerException(
                $"{folder}: the ledger ends at entry {headSeq} of {ledgerId}, but it once reached {mark.Seq} of {mark.LedgerId}. "
                + "A restored backup or a lost file must not print again: enrol the line anew (config/RECOVERY.md).");
        }

        if (hashAt(mark.Seq) != mark.Hash)
        {
            throw new LedgerException(
                $"{folder}: entry {mark.Seq} of the ledger is not the one that was written there once. "
                + "A restored backup must not print again: enrol the line anew (config/RECOVERY.md).");
        }

        _writtenSeq = mark.Seq;
    }

    /// <summary>Writes the mark when the last one is old enough.</summary>
    public void Follow(long seq, ReadOnlySpan<byte> hash, long nowMs)
    {
        if (seq != _writtenSeq && Math.Abs(nowMs - _writtenMs) >= EveryMs)
        {
            _writtenMs = nowMs;
            Write(seq, hash);
        }
    }

    /// <summary>
    /// Writes the mark; the old one stays until the new one is whole. An old mark sees less, but never anything wrong: so a
    /// full disk, on which decisions may still find room, is no reason to stop.
    /// </summary>
    public void Write(long seq, ReadOnlySpan<byte> hash)
    {
        if (seq == 0)
        {
            return;
        }

        try
        {
            disk.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(new Mark(ledgerId, seq, Convert.ToHexStringLower(hash))));
            _writtenSeq = seq;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again after the next entry.
        }
    }

    private sealed record Mark(Guid LedgerId, long Seq, string Hash);
}
