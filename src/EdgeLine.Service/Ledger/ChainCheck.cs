using System.Globalization;
using System.Security.Cryptography;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Follows stored entries one by one: numbers without gaps, each leaf whole, of this ledger, and with the hash of the one
/// before it. Reads the bytes by their layout alone and shares nothing with the writer.
/// </summary>
/// <param name="find">Told of each thing that is wrong: place and what.</param>
/// <param name="ledgerId">Identity that every entry must carry.</param>
/// <param name="epoch">Epoch that every entry must carry.</param>
internal sealed class ChainCheck(Action<string, string> find, Guid ledgerId, long epoch)
{
    private byte[]? _head = new byte[SHA256.HashSizeInBytes];

    /// <summary>Number that the next entry must have; 1 at first.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Hash of the last entry in lower-case hex; zeros before the first.</summary>
    public string HeadHash => _head is null ? "" : Convert.ToHexStringLower(_head);

    /// <summary>Begins in the middle: the first entry is believed about the one before it.</summary>
    /// <param name="next">Its number.</param>
    public void BeginAt(long next) => (Next, _head) = (next, next == 1 ? new byte[SHA256.HashSizeInBytes] : null);

    /// <summary>Begins behind an entry whose hash is known.</summary>
    /// <param name="next">Number of the entry after it.</param>
    /// <param name="headHash">Its hash, lower-case hex.</param>
    public void BeginAt(long next, string headHash) => (Next, _head) = (next, Convert.FromHexString(headHash));

    /// <summary>Takes one entry as it is stored; its content, or null when its leaf cannot be read.</summary>
    public LeafBytes? Take(long seq, long kind, byte[] leaf)
    {
        string place = Place(seq);
        Expect(seq == Next, place, $"follows entry {Next - 1}");
        Next = seq + 1;
        if (LeafBytes.TryRead(leaf, out LeafBytes? entry, out string problem))
        {
            Expect(entry.Seq == seq, place, $"its leaf says that it is entry {entry.Seq}");
            Expect(entry.LedgerId == ledgerId, place, $"is of ledger {entry.LedgerId}, this is {ledgerId}");
            Expect(entry.Epoch == epoch, place, $"is of epoch {entry.Epoch}, this is {epoch}");
            Expect(_head is null || entry.Previous.AsSpan().SequenceEqual(_head), place, "does not carry the hash of the entry before it");
            Expect(entry.Kind == kind, place, $"is filed as kind {kind}, its leaf says {entry.Kind}");
        }
        else
        {
            find(place, problem);
        }

        _head = SHA256.HashData(leaf);
        return entry;
    }

    /// <summary>How a finding names an entry.</summary>
    public static string Place(long seq) => string.Create(CultureInfo.InvariantCulture, $"entry {seq}");

    private void Expect(bool sound, string place, string what)
    {
        if (!sound)
        {
            find(place, what);
        }
    }
}
