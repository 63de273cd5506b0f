using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>One thing that is not as it must be: where, and what was found.</summary>
public sealed record LedgerFinding(string Place, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{Place}: {What}";
}

/// <summary>A stored entry with the code in the row that it is filed under; one that was given away is in a segment only.</summary>
internal readonly record struct AuditedEntry(long Seq, long Kind, long? CodeId, byte[] Leaf, string? Code, bool IsGivenAway = false)
{
    /// <summary>Entries after <c>$after</c> in order.</summary>
    public const string Sql =
        "SELECT seq, kind, code_id, leaf, value FROM journal LEFT JOIN code ON code.id = code_id WHERE seq > $after ORDER BY seq";

    public static AuditedEntry Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.IsDBNull(4) ? null : row.GetString(4));
}

/// <summary>A stored code.</summary>
internal readonly record struct AuditedCode(long Id, string Value, string State, long Lease, string Run, long Rejected)
{
    /// <summary>Codes after row <c>$after</c> in order.</summary>
    public const string Sql = "SELECT id, value, state, lease, run, rejected FROM code WHERE id > $after ORDER BY id";

    /// <summary>The same in a file of version 1, which gave no entries away.</summary>
    public const string SqlOfVersion1 = "SELECT id, value, state, lease, run, 0 FROM code WHERE id > $after ORDER BY id";

    public static AuditedCode Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt64(5));
}

/// <summary>
/// Chain, codes and counts of a ledger against each other: leases before their entries, then all entries, then all codes,
/// then the end. Who reads the file decides how; this only judges.
/// </summary>
internal sealed class LedgerAudit
{
    /// <summary>Leases after <c>$after</c> in order.</summary>
    public const string LeasesSql = "SELECT number, id, codes, first_id, order_id, batch_id, may_verify, expires_ms, manifest FROM lease WHERE number > $after ORDER BY number";

    private readonly Action<string, string> _find;
    private readonly LedgerRecount _recount;

    /// <summary>Begins before the first entry.</summary>
    /// <param name="find">Told of each thing that is wrong: place and what.</param>
    /// <param name="ledgerId">Identity that every entry must carry.</param>
    /// <param name="epoch">Epoch that every entry must carry.</param>
    public LedgerAudit(Action<string, string> find, Guid ledgerId, long epoch) =>
        (_find, _recount, Chain) = (find, new LedgerRecount(find), new ChainCheck(find, ledgerId, epoch));

    /// <summary>The chain as far as it was read.</summary>
    public ChainCheck Chain { get; }

    public static RecountedLease ReadLease(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3),
        new StoredLease(row.GetString(1), row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetInt64(2), row.GetInt64(7), row.GetString(8)));

    public void Take(RecountedLease lease) => _recount.AddLease(lease);

    public void Take(AuditedEntry row)
    {
        if (Chain.Take(row.Seq, row.Kind, row.Leaf) is { } entry)
        {
            _recount.Step(ChainCheck.Place(row.Seq), entry, row);
        }
    }

    public void Take(AuditedCode code) => _recount.CompareCode(code);

    /// <summary>The rest: leases that are stored as ended, and the stored counts.</summary>
    public void End(IReadOnlySet<string> endedLeases, byte[] fold)
    {
        _recount.CompareLeases(endedLeases);
        try
        {
            using JsonDocument document = JsonDocument.Parse(fold);
            string text = Encoding.UTF8.GetString(fold);
            int end = text.LastIndexOf(",\"Sha256\":", StringComparison.Ordinal);
            if (end >= 0 && document.RootElement.GetProperty("Sha256").GetString() != Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..end]))))
            {
                _find("fold", "is not what was written: its hash differs");
            }

            foreach ((string name, long counted) in _recount.Counts)
            {
                long said = document.RootElement.ValueKind == JsonValueKind.Object ? NumberAt(document.RootElement, name) : 0;
                if (said != counted)
                {
                    _find($"fold {name}", $"says {said}, the entries give {counted}");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            _find("fold", $"cannot be read: {e.Message}");
        }
    }

    // A path such as Account.Verified; a missing number is 0, as at the beginning.
    private static long NumberAt(JsonElement root, string path)
    {
        JsonElement at = root;
        foreach (string name in path.Split('.'))
        {
            if (!at.TryGetProperty(name, out at))
            {
                return 0;
            }
        }

        return at.GetInt64();
    }
}
