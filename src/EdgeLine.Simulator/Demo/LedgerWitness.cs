using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// The ledger of a line, read by plain SQL after the service has stopped: no class of the service takes part.
/// </summary>
internal sealed class LedgerWitness
{
    private readonly Dictionary<string, string> _codes = [];
    private readonly Dictionary<string, long> _states = [];

    private LedgerWitness()
    {
    }

    /// <summary>Number of the first entry that has not left the database for a segment.</summary>
    public long FirstKept { get; private set; }

    /// <summary>Number of the last journal entry.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Journal entries; with no gaps the same as <see cref="LastSeq"/>.</summary>
    public long Entries { get; private set; }

    /// <summary>Entries that a label is about to be printed.</summary>
    public long Prints { get; private set; }

    /// <summary>Codes that leases brought, by their manifests.</summary>
    public long LeasedByManifest { get; private set; }

    /// <summary>Bytes on disk, write-ahead log included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Codes that the line calls verified.</summary>
    public IEnumerable<string> VerifiedCodes => _codes.Where(c => c.Value == "verified").Select(c => c.Key);

    /// <summary>Codes in a state.</summary>
    public long In(string state) => _states.GetValueOrDefault(state);

    /// <summary>The state of a code, or null when the ledger never had it.</summary>
    public string? StateOf(string code) => _codes.GetValueOrDefault(code);

    /// <summary>Reads the ledger of a line.</summary>
    /// <exception cref="DemoException">It cannot be read.</exception>
    public static LedgerWitness Read(string folder, string line)
    {
        string file = Path.Combine(folder, "data", line, "ledger.db");
        var witness = new LedgerWitness
        {
            Bytes = new[] { file, file + "-wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length),
        };
        try
        {
            using var db = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString());
            db.Open();
            witness.LastSeq = Number(db, "SELECT coalesce(max(seq), 0) FROM journal");
            witness.FirstKept = Number(db, "SELECT coalesce(min(seq), 1) FROM journal");
            (long entries, long prints) = SealedWitness.Count(Path.Combine(folder, "data", line, "segments"), witness.FirstKept - 1);
            witness.Entries = entries + Number(db, "SELECT count(*) FROM journal");
            witness.Prints = prints + Number(db, "SELECT count(*) FROM journal WHERE kind = 4");
            witness.LeasedByManifest = Number(db, "SELECT coalesce(sum(codes), 0) FROM lease");
            using SqliteCommand all = db.CreateCommand();
            all.CommandText = "SELECT value, state FROM code";
            using SqliteDataReader row = all.ExecuteReader();
            while (row.Read())
            {
                string state = row.GetString(1);
                witness._codes.Add(row.GetString(0), state);
                witness._states[state] = witness.In(state) + 1;
            }

            return witness;
        }
        catch (SqliteException e)
        {
            throw new DemoException($"The ledger {file} cannot be read: {e.Message}");
        }
    }

    private static long Number(SqliteConnection db, string sql)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
