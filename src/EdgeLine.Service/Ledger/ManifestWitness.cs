using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Holds the row of a lease against the manifest in it, and the manifest against its hash in the journal, with a reader of its
/// own. What labels say comes from there: a damaged one would print another name, not nothing.
/// </summary>
internal static class ManifestWitness
{
    /// <summary>What the entry that takes a lease says of its papers: hash of the code file, a space, hash of the manifest.</summary>
    public static string Detail(string codesSha256, string manifest) => $"{codesSha256} {HashOf(manifest)}";

    /// <summary>What is wrong, or nothing.</summary>
    /// <param name="lease">The row.</param>
    /// <param name="detail">Detail of the entry that took the lease; before 0.3.0 it had no hash of the manifest.</param>
    public static IEnumerable<string> Problems(StoredLease lease, string detail)
    {
        string[] hashes = detail.Split(' ');
        // A ledger that a line was enrolled with takes over what was left of a lease.
        bool whole = hashes.Length > 1;
        if (whole && hashes[1] != HashOf(lease.Manifest))
        {
            return ["its manifest is not the one that was signed and taken"];
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(Base64Url.DecodeFromChars(lease.Manifest.Split('.')[1]));
            JsonElement said = json.RootElement;
            return new (string Name, string Row, string Manifest)[]
            {
                ("id", lease.Id, Text("leaseId")),
                ("order", lease.OrderId, Text("orderId")),
                ("batch", lease.BatchId, Text("batchId")),
                ("may_verify", $"{lease.MayVerify}", whole ? Text("mayVerify") : $"{lease.MayVerify}"),
                ("codes", $"{lease.Codes}", whole ? Text("codes") : $"{lease.Codes}"),
                ("expires_ms", $"{lease.ExpiresMs}", Text("expiresAtUnixMs")),
                ("hash of its codes", hashes[0], Text("codesSha256")),
            }.Where(c => c.Row != c.Manifest).Select(c => $"{c.Name} is {c.Row}, its manifest says {c.Manifest}").ToArray();

            string Text(string name) => said.GetProperty(name).ToString();
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return [$"its manifest cannot be read: {e.Message}"];
        }
    }

    private static string HashOf(string manifest) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
}

/// <summary>A lease as its row says, with its manifest.</summary>
internal sealed record StoredLease(string Id, string OrderId, string BatchId, long MayVerify, long Codes, long ExpiresMs, string Manifest);
