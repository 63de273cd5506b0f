using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Makes the file of a line's new ledger after an enrolment: its chain begins anew, and its first entries say what the
/// platform knows of every code lent before. What may be on a label is in doubt. The line begins held, and only a clearance
/// lets it go on.
/// </summary>
public static class EnrolledLedger
{
    /// <summary>Key of the reason, and name of the run that no ledger knows any more, in which these codes were printed.</summary>
    public const string Run = "enrolled";

    /// <summary>How many codes came over in which state.</summary>
    public sealed record Summary(int InDoubt, int Rejected, int Settled, bool Held);

    /// <summary>Writes the file into an empty folder, in one transaction.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="answer">The enrolment.</param>
    /// <param name="known">What the platform knows.</param>
    /// <param name="nowMs">Time of the entries, Unix milliseconds.</param>
    /// <exception cref="ManifestRefusedException">A lease is not as the platform signed it; no file is of use.</exception>
    public static Summary Write(string folder, EnrolmentAnswer answer, OpenCodes known, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(known);
        using ECDsa key = PlatformKey.FromPem(answer.PublicKeyPem);
        List<KnownLease> leases = [.. known.Leases.Select(l => KnownLease.Check(l, answer.LineId, key))];
        using SqliteConnection db = LedgerFile.Open(folder);
        using var writer = new LedgerWriter(db, answer.LedgerId, answer.Epoch, 0, JournalEntry.Genesis, 0);
        var fold = new LineFold();
        void Note(LineEntry entry)
        {
            long count = writer.Append(entry, nowMs);
            fold = fold.With(writer.HeadSeq, writer.HeadMs, entry, count);
        }

        writer.Begin();
        Meta(db, answer);
        Note(new LineEntry(JournalKind.LedgerOpened, Run) { Count = answer.Epoch, Detail = answer.LineId });
        long firstId = 1;
        foreach (KnownLease lease in leases)
        {
            LedgerQueries.InsertLease(db, lease.Manifest, lease.Jws, lease.Codes);
            Note(new LineEntry(JournalKind.Leased, Run) { LeaseId = lease.Manifest.LeaseId, Count = lease.Codes.Count, Detail = ManifestWitness.Detail(lease.Manifest.CodesSha256, lease.Jws) });
            for (int i = 0; i < lease.Codes.Count; i++)
            {
                Note(new LineEntry(JournalKind.Enrolled, CodeStates.NameOf(lease.States[i]))
                {
                    Code = new CodeRef(firstId + i, lease.Codes[i]),
                    From = CodeState.Available,
                    LeaseId = lease.Manifest.LeaseId,
                });
            }

            firstId += lease.Codes.Count;
        }

        Mark(db);
        if (known.Order is { } order)
        {
            // The order goes on where the platform stands; who clears the line lets it.
            var run = new RunOrder(Guid.NewGuid().ToString("N")[..12], order.OrderId, order.BatchId, order.BatchNumber, order.Product, order.Left);
            Note(new LineEntry(JournalKind.RunStarted) { RunId = run.RunId, Count = run.Target, Detail = RunDetail.Of(run) });
            Note(new LineEntry(JournalKind.Held, Run) { RunId = run.RunId, Count = 1 });
        }

        writer.StoreFold(StoredFold.Write(fold));
        writer.Commit();
        new HighWaterMark(LedgerDisk.OfThisPc, folder, answer.LedgerId).Write(writer.HeadSeq, writer.HeadHash);
        CodeAccount a = fold.Account;
        return new Summary((int)a.InDoubt, (int)a.Rejected, (int)(a.Leased - a.InDoubt - a.Rejected), known.Order is not null);
    }

    /// <summary>The signed receipt of the enrolment that made a ledger, or null for a line's first one.</summary>
    public static string? ReceiptOf(SqliteConnection db) => LedgerFile.Scalar(db, "SELECT value FROM meta WHERE key = 'receipt'");

    private static void Meta(SqliteConnection db, EnrolmentAnswer answer)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "INSERT INTO meta VALUES ('line_id', $line), ('ledger_id', $id), ('epoch', $epoch), ('receipt', $receipt)";
        command.Parameters.AddWithValue("$line", answer.LineId);
        command.Parameters.AddWithValue("$id", answer.LedgerId.ToString());
        command.Parameters.AddWithValue("$epoch", answer.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$receipt", answer.Receipt);
        command.ExecuteNonQuery();
    }

    // Nothing of the old leases is printed any more, and what is open of them was printed in a run of before.
    private static void Mark(SqliteConnection db)
    {
        LedgerFile.Scalar(db, "UPDATE lease SET ended = 1");
        LedgerFile.Scalar(db, $"UPDATE code SET run = '{Run}' WHERE state = 'in-doubt' OR state = 'rejected'");
    }

    private sealed record KnownLease(LeaseManifest Manifest, string Jws, IReadOnlyList<CertificateCode> Codes, IReadOnlyList<CodeState> States)
    {
        public static KnownLease Check(OldLease lease, string lineId, ECDsa key)
        {
            LeaseManifest manifest = SignedManifest.Verify(lease.Manifest, key);
            string[] texts = lease.Codes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            bool sound = manifest.LineId == lineId && texts.Length == manifest.Codes && lease.States.Length == texts.Length
                && LeaseManifest.Sha256Of(System.Text.Encoding.ASCII.GetBytes(lease.Codes)) == manifest.CodesSha256
                // Nothing available or printing comes over: it could be printed twice.
                && lease.States.All(s => s is >= (char)('0' + (int)CodeState.InDoubt) and <= (char)('0' + (int)CodeState.Expired));
            return sound
                ? new KnownLease(manifest, lease.Manifest, [.. texts.Select(t => CertificateCode.Parse(t))], [.. lease.States.Select(s => (CodeState)(s - '0'))])
                : throw new ManifestRefusedException("lease-not-as-signed", $"Lease {manifest.LeaseId} did not come over: line, codes or states are not as the platform signed and keeps them.");
        }
    }
}
