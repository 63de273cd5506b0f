using Microsoft.Data.Sqlite;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// What this disk can do, measured in the folder of the ledger: full-sync SQLite commits in WAL mode. One row is a
/// journal row of 200 bytes and the update of a code, as the ledger writes them.
/// </summary>
internal sealed record RawDisk(double RowsPerSecond, double SyncMs)
{
    private const int GroupRows = 32;
    private const int Singles = 300;
    private static readonly TimeSpan GroupsFor = TimeSpan.FromSeconds(1);

    /// <summary>Measures in a folder, about two seconds.</summary>
    public static RawDisk Measure(string folder)
    {
        string file = Path.Combine(folder, "raw-disk.db");
        try
        {
            using var db = new SqliteConnection($"Data Source={file};Pooling=False");
            db.Open();
            Run(db, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                + "CREATE TABLE journal (seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT;"
                + "CREATE TABLE code (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE, state TEXT NOT NULL) STRICT;"
                + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4096) "
                + "INSERT INTO code SELECT i, printf('H%015d', i), 'available' FROM n;");
            using SqliteCommand insert = Prepared(db, "INSERT INTO journal (leaf) VALUES (randomblob(200))");
            using SqliteCommand update = Prepared(db, "UPDATE code SET state = 'printing' WHERE id = $id");
            SqliteParameter id = update.Parameters.Add("$id", SqliteType.Integer);
            long next = 0;
            double Commit(int rows)
            {
                long began = TimeProvider.System.GetTimestamp();
                Run(db, "BEGIN IMMEDIATE");
                for (int i = 0; i < rows; i++)
                {
                    insert.ExecuteNonQuery();
                    id.Value = next++ % 4096 + 1;
                    update.ExecuteNonQuery();
                }

                Run(db, "COMMIT");
                return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            }

            double[] singles = [.. Enumerable.Range(0, Singles).Select(_ => Commit(1)).Order()];
            double spent = 0;
            int groups = 0;
            while (spent < GroupsFor.TotalSeconds)
            {
                spent += Commit(GroupRows);
                groups++;
            }

            return new RawDisk(groups * GroupRows / spent, singles[Singles / 2] * 1000);
        }
        finally
        {
            foreach (string one in new[] { file, file + "-wal", file + "-shm" })
            {
                File.Delete(one);
            }
        }
    }

    private static SqliteCommand Prepared(SqliteConnection db, string sql)
    {
        SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static void Run(SqliteConnection db, string sql)
    {
        using SqliteCommand command = Prepared(db, sql);
        command.ExecuteNonQuery();
    }
}
