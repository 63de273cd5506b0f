using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// A leaf as the verification reads it, written from the layout alone: "ELJ" and version 1, then in fixed order
/// big-endian 64-bit numbers, 16 bytes of identity, 32 bytes of hash, a 16-bit kind, and texts as a 16-bit length with
/// UTF-8. Shares nothing with the writer; what it does not understand is a finding.
/// </summary>
internal sealed record LeafBytes(
    long Seq, Guid LedgerId, long Epoch, byte[] Previous, int Kind, string Code, string LeaseId, string RunId, long Count, string Reason, string Detail)
{
    /// <summary>Reads a leaf, or says why it is none.</summary>
    public static bool TryRead(byte[] leaf, [NotNullWhen(true)] out LeafBytes? read, out string problem)
    {
        read = null;
        problem = "";
        if (leaf.Length < 4 || leaf[0] != 'E' || leaf[1] != 'L' || leaf[2] != 'J' || leaf[3] != 1)
        {
            problem = $"its {leaf.Length} bytes do not begin with ELJ, version 1";
            return false;
        }

        int at = 4;
        try
        {
            read = new LeafBytes(
                Number(leaf, ref at), new Guid(Take(leaf, ref at, 16), bigEndian: true), Number(leaf, ref at), Take(leaf, ref at, 32),
                Kind: Short(leaf, ref at), Code: After(leaf, ref at, 8), LeaseId: Text(leaf, ref at), RunId: Text(leaf, ref at),
                Count: NumberAfterItem(leaf, ref at), Reason: Text(leaf, ref at), Detail: AfterText(leaf, ref at));
        }
        catch (Exception e) when (e is ArgumentException)
        {
            problem = $"its leaf is broken at byte {at}";
            read = null;
            return false;
        }

        problem = at == leaf.Length ? "" : $"{leaf.Length - at} bytes follow the end of its leaf";
        return at == leaf.Length;
    }

    private static byte[] Take(byte[] leaf, ref int at, int count)
    {
        byte[] taken = leaf.AsSpan(at, count).ToArray();
        at += count;
        return taken;
    }

    private static long Number(byte[] leaf, ref int at) => BinaryPrimitives.ReadInt64BigEndian(Take(leaf, ref at, 8));

    private static int Short(byte[] leaf, ref int at) => BinaryPrimitives.ReadUInt16BigEndian(Take(leaf, ref at, 2));

    private static string Text(byte[] leaf, ref int at) => new UTF8Encoding(false, true).GetString(Take(leaf, ref at, Short(leaf, ref at)));

    // The time stands between kind and code.
    private static string After(byte[] leaf, ref int at, int skip)
    {
        at += skip;
        return Text(leaf, ref at);
    }

    // Who did it stands between reason and detail.
    private static string AfterText(byte[] leaf, ref int at)
    {
        Text(leaf, ref at);
        return Text(leaf, ref at);
    }

    private static long NumberAfterItem(byte[] leaf, ref int at)
    {
        Number(leaf, ref at);
        return Number(leaf, ref at);
    }
}
