using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Brings the file of an older EdgeLine to the present version: each step one transaction, before it a copy. A kill in
/// between leaves the version before or the one after.
/// </summary>
internal static class LedgerMigrations
{
    /// <summary>Version that this program reads and writes; <c>LedgerSchema.sql</c> is a new file of it.</summary>
    public const int Current = 2;

    // What a step says may never change: files out there went through it.
    private static readonly string[] ToTwo =
    [
        // Missing in files of 0.1.0.
        "CREATE INDEX IF NOT EXISTS journal_rejected ON journal (code_id) WHERE kind = 6",
        """
        CREATE TABLE segment (
            first_seq INTEGER PRIMARY KEY,
            last_seq  INTEGER NOT NULL,
            name      TEXT NOT NULL UNIQUE,
            sha256    TEXT NOT NULL,
            head      TEXT NOT NULL,
            sealed_ms INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE TRIGGER segment_no_update BEFORE UPDATE ON segment BEGIN SELECT RAISE(ABORT, 'a sealed segment stays as it is'); END",
        "CREATE TRIGGER segment_no_delete BEFORE DELETE ON segment BEGIN SELECT RAISE(ABORT, 'a sealed segment stays as it is'); END",
        "ALTER TABLE code ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0",
        "DROP TRIGGER journal_no_delete",
        """
        CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal WHEN OLD.seq > (SELECT coalesce(max(last_seq), 0) FROM segment)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only; only sealed entries are given away'); END
        """,
    ];

    private static readonly Dictionary<int, string[]> Steps = new() { [2] = ToTwo };

    /// <summary>Everything that one step does to the file, in order; the first begins its transaction, the last ends it.</summary>
    public static IEnumerable<string> StatementsTo(int version) =>
        ["BEGIN IMMEDIATE", .. Steps[version], string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={version}"), "COMMIT"];

    /// <summary>Takes the file from its version to the present one.</summary>
    public static void Run(SqliteConnection db, string path, int from)
    {
        for (int version = from + 1; version <= Current; version++)
        {
            LedgerCopy.Take(db, string.Create(CultureInfo.InvariantCulture, $"{path}.before-version-{version}"), overwrite: true);
            foreach (string statement in StatementsTo(version))
            {
                LedgerFile.Scalar(db, statement);
            }
        }
    }
}
