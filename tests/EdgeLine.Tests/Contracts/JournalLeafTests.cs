using System.Security.Cryptography;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Contracts;

public sealed class JournalLeafTests
{
    // Written down once. A change of these bytes is a fork on every line at once: never edit, only add a new version.
    private const string Golden =
        "454c4a01" // ELJ, layout 1
        + "0000000000000007" // seq
        + "00112233445566778899aabbccddeeff" // ledger
        + "0000000000000002" // epoch
        + "abababababababababababababababababababababababababababababababab" // hash of the entry before
        + "0005" // verified
        + "0000019c00000123" // time
        + "0010" + "48374b324d39585234544338575135" + "39" // code
        + "0007" + "6c656173652d31" // lease
        + "0005" + "72756e2d31" // run
        + "0000000000000029" // item
        + "0000000000000000" // count
        + "0006" + "7265776f726b" // reason
        + "0006" + "e58898e6958f" // who
        + "0000"; // detail

    private static JournalEntry Entry => new()
    {
        Seq = 7,
        LedgerId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Epoch = 2,
        Previous = [.. Enumerable.Repeat((byte)0xAB, 32)],
        Kind = JournalKind.Verified,
        AtUnixMs = 0x19c00000123,
        Code = "H7K2M9XR4TC8WQ59",
        LeaseId = "lease-1",
        RunId = "run-1",
        Item = 41,
        Reason = "rework",
        Who = "刘敏",
    };

    [Fact]
    public void The_stored_bytes_never_change()
    {
        byte[] leaf = JournalLeaf.Encode(Entry);
        Assert.Equal(Golden, Convert.ToHexStringLower(leaf));
        Assert.Equal(SHA256.HashData(leaf), JournalLeaf.HashOf(leaf));
    }

    [Fact]
    public void The_numbers_of_the_kinds_never_change() =>
        Assert.Equal(
            "LedgerOpened=1 Leased=2 RunStarted=3 Print=4 Verified=5 Rejected=6 InDoubt=7 Void=8 Sampled=9 Returned=10 Expired=11 "
            + "ItemRejected=12 Held=13 Resumed=14 Cleared=15 RunEnded=16 Restarted=17 Intruder=18 RunEnding=19 "
            + "AlarmHandled=20 Person=21 ScannerCheck=22 FirstArticle=23 MediaChanged=24 ReplacementAsked=25 RemoteCommand=26 ReprintOff=27 "
            + "Enrolled=28",
            string.Join(' ', Enum.GetValues<JournalKind>().Select(k => $"{k}={(ushort)k}")));

    [Fact]
    public void A_leaf_decodes_to_the_entry_and_encodes_to_the_same_bytes()
    {
        byte[] leaf = Convert.FromHexString(Golden);
        JournalEntry entry = JournalLeaf.Decode(leaf);
        Assert.Equal(Entry.Previous, entry.Previous);
        Assert.Equal(Entry with { Previous = entry.Previous }, entry);
        Assert.Equal(leaf, JournalLeaf.Encode(entry));
    }

    [Fact]
    public void A_leaf_cut_anywhere_or_with_bytes_after_it_is_refused()
    {
        byte[] leaf = Convert.FromHexString(Golden);
        for (int length = 0; length < leaf.Length; length++)
        {
            Assert.Throws<FormatException>(() => JournalLeaf.Decode(leaf.AsSpan(0, length)));
        }

        Assert.Throws<FormatException>(() => JournalLeaf.Decode([.. leaf, 0]));
        Assert.Throws<FormatException>(() => JournalLeaf.Decode(new byte[JournalLeaf.MaxBytes + 1]));
    }

    [Fact]
    public void Bytes_that_decode_are_the_only_bytes_of_that_entry()
    {
        var random = new Random(20261122);
        byte[] leaf = Convert.FromHexString(Golden);
        for (int n = 0; n < 20_000; n++)
        {
            byte[] changed = [.. leaf];
            int at = random.Next(36, changed.Length); // after seq, ledger and epoch
            changed[at] = (byte)random.Next(256);
            try
            {
                Assert.Equal(changed, JournalLeaf.Encode(JournalLeaf.Decode(changed)));
            }
            catch (FormatException)
            {
                // Refused is fine as well.
            }
        }
    }

    [Fact]
    public void A_text_over_its_limit_is_refused_when_written_and_when_read()
    {
        Assert.Throws<FormatException>(() => JournalLeaf.Encode(Entry with { Detail = new string('x', JournalLeaf.MaxTextBytes + 1) }));
        Assert.Throws<FormatException>(() => JournalLeaf.Encode(Entry with { Detail = new string('码', JournalLeaf.MaxTextBytes / 3 + 1) }));
        byte[] full = JournalLeaf.Encode(Entry with { Detail = new string('x', JournalLeaf.MaxTextBytes) });
        Assert.Equal(JournalLeaf.MaxTextBytes, JournalLeaf.Decode(full).Detail.Length);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] leaf = JournalLeaf.Encode(Entry with { Detail = "zz" });
        leaf[^1] = 0xFF;
        Assert.Throws<FormatException>(() => JournalLeaf.Decode(leaf));
    }

    [Fact]
    public void An_upload_is_cut_into_the_very_leaves_that_were_joined()
    {
        byte[][] leaves = [JournalLeaf.Encode(Entry), JournalLeaf.Encode(Entry with { Seq = 8, Detail = "次" })];
        Assert.Equal(leaves, JournalUpload.Split(JournalUpload.Join(leaves)));
    }

    [Fact]
    public void An_upload_with_wrong_framing_is_refused()
    {
        byte[] one = JournalUpload.Join([JournalLeaf.Encode(Entry)]);
        Assert.Throws<FormatException>(() => JournalUpload.Split([]));
        Assert.Throws<FormatException>(() => JournalUpload.Split(one.AsSpan(0, one.Length - 1)));
        Assert.Throws<FormatException>(() => JournalUpload.Split([.. one, 0, 0, 0]));
        Assert.Throws<FormatException>(() => JournalUpload.Split([0, 0, 0, 0]));
        Assert.Throws<FormatException>(() => JournalUpload.Split([0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Assert.Throws<FormatException>(() => JournalUpload.Split([0x7F, 0xFF, 0xFF, 0xFF, 1]));
        byte[] tooMany = [.. Enumerable.Repeat(one, JournalUpload.MaxEntries + 1).SelectMany(b => b)];
        Assert.Throws<FormatException>(() => JournalUpload.Split(tooMany));
    }
}
