using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>A sealed part of the journal in a file of its own.</summary>
/// <param name="FirstSeq">Its first entry.</param>
/// <param name="LastSeq">Its last entry.</param>
/// <param name="Name">Name of the file in the folder <c>segments</c>.</param>
/// <param name="Sha256">Hash of the whole file, lower-case hex.</param>
/// <param name="Head">Hash of the last entry, lower-case hex: the chain goes on from it.</param>
/// <param name="SealedMs">When it was sealed, Unix milliseconds.</param>
public sealed record Segment(long FirstSeq, long LastSeq, string Name, string Sha256, string Head, long SealedMs)
{
    /// <summary>Folder of the segments in the folder of a line.</summary>
    public const string Folder = "segments";

    private const string Columns = "SELECT first_seq, last_seq, name, sha256, head, sealed_ms FROM segment";

    /// <summary>All of a ledger, oldest first.</summary>
    public static IReadOnlyList<Segment> All(SqliteConnection db)
    {
        ArgumentNullException.ThrowIfNull(db);
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = $"{Columns} ORDER BY first_seq";
        using SqliteDataReader r = command.ExecuteReader();
        var all = new List<Segment>();
        while (r.Read())
        {
            all.Add(new Segment(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt64(5)));
        }

        return all;
    }

    /// <summary>Enters a new one; from then on its entries may be given away.</summary>
    internal static int Add(SqliteConnection db, Segment segment)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "INSERT INTO segment VALUES ($first, $last, $name, $sha, $head, $ms)";
        command.Parameters.AddWithValue("$first", segment.FirstSeq);
        command.Parameters.AddWithValue("$last", segment.LastSeq);
        command.Parameters.AddWithValue("$name", segment.Name);
        command.Parameters.AddWithValue("$sha", segment.Sha256);
        command.Parameters.AddWithValue("$head", segment.Head);
        command.Parameters.AddWithValue("$ms", segment.SealedMs);
        return command.ExecuteNonQuery();
    }

    /// <summary>Gives sealed entries away, keeping of each rejected code that it once was.</summary>
    internal static int GiveAway(SqliteConnection db, long fromSeq, long throughSeq)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = """
            UPDATE code SET rejected = 1 WHERE id IN (SELECT code_id FROM journal WHERE seq BETWEEN $from AND $through AND kind = 6);
            DELETE FROM journal WHERE seq BETWEEN $from AND $through;
            """;
        command.Parameters.AddWithValue("$from", fromSeq);
        command.Parameters.AddWithValue("$through", throughSeq);
        return command.ExecuteNonQuery();
    }

    /// <summary>Where its file is.</summary>
    public string PathIn(string folder) => Path.Combine(folder, Folder, Name);
}
