using System.Collections.Concurrent;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Line;

/// <summary>
/// What the ledger knows of codes that may be read soon, in memory: every open code and the last ones that became
/// final. Written by the line loop only, as entries are committed, so that a look never waits behind the disk.
/// </summary>
public sealed class KnownCodes
{
    /// <summary>
    /// Final codes kept: far more than the frames that can wait between a scanner's look here and the loop, so that a
    /// code cannot leave this memory while a read of it is on its way.
    /// </summary>
    private const int FinalsKept = 8192;

    private readonly ConcurrentDictionary<CertificateCode, KnownCode> _codes = new();
    private readonly Queue<CertificateCode> _finals = new();

    /// <summary>Begins with the open codes of the ledger.</summary>
    public KnownCodes(IEnumerable<KnownCode> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        foreach (KnownCode code in open)
        {
            _codes[code.Code.Code] = code;
        }
    }

    /// <summary>Follows what is on disk now.</summary>
    public void Follow(IReadOnlyList<LineEntry> committed)
    {
        ArgumentNullException.ThrowIfNull(committed);
        foreach (LineEntry entry in committed)
        {
            if (!entry.MovesCode)
            {
                continue;
            }

            CertificateCode code = entry.Code.Code;
            string run = entry.To == CodeState.Printing ? entry.RunId : _codes.TryGetValue(code, out KnownCode? before) ? before.RunId : entry.RunId;
            _codes[code] = new KnownCode(entry.Code, entry.To, run);
            if (entry.To is CodeState.Verified or CodeState.Void or CodeState.Sampled)
            {
                _finals.Enqueue(code);
                Forget();
            }
        }
    }

    /// <summary>The code, if it is in this memory.</summary>
    public KnownCode? Find(CertificateCode code) => _codes.GetValueOrDefault(code);

    private void Forget()
    {
        while (_finals.Count > FinalsKept)
        {
            CertificateCode oldest = _finals.Dequeue();
            // A verified code may have become rejected since: then it is open and stays.
            if (_codes.TryGetValue(oldest, out KnownCode? known) && known.State is CodeState.Verified or CodeState.Void or CodeState.Sampled)
            {
                _codes.TryRemove(oldest, out _);
            }
        }
    }
}
