using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Enrolment;

/// <summary>
/// The ledger that an enrolment takes out of use, read without changing a byte of it, as far as it can be read at all.
/// </summary>
/// <param name="LedgerId">Its identity, or null when there is none or it cannot be read.</param>
/// <param name="Epoch">Its epoch; 0 when unknown.</param>
internal sealed record OldLedger(string Folder, Guid? LedgerId, int Epoch)
{
    private const int UploadEntries = 250;

    private string File => Path.Combine(Folder, LedgerFile.Name);

    /// <summary>Looks at the ledger of a line's folder.</summary>
    /// <exception cref="LedgerException">The service has it open.</exception>
    public static OldLedger Of(string folder)
    {
        var none = new OldLedger(folder, null, 0);
        if (!System.IO.File.Exists(none.File))
        {
            return none;
        }

        try
        {
            using SqliteConnection db = LedgerVerification.OpenUntouched(none.File);
            string? id = LedgerFile.Scalar(db, "SELECT value FROM meta WHERE key = 'ledger_id'");
            string? epoch = LedgerFile.Scalar(db, "SELECT value FROM meta WHERE key = 'epoch'");
            return Guid.TryParse(id, out Guid ledger) && int.TryParse(epoch, CultureInfo.InvariantCulture, out int number)
                ? none with { LedgerId = ledger, Epoch = number }
                : none;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            throw new LedgerException($"{none.File} is in use: stop the service first.", e);
        }
        catch (SqliteException)
        {
            // Damaged: it is kept as it is, and what the platform knows has to do.
            return none;
        }
    }

    /// <summary>
    /// Sends what the platform does not have yet, if this ledger is still the line's and continues what is known there: each
    /// entry that arrives now is a code that need not be in doubt. Returns what came of it, for people.
    /// </summary>
    public async Task<string> DeliverAsync(PlatformClient platform, CancellationToken stop)
    {
        if (LedgerId is null)
        {
            return "The old ledger is not there or cannot be read; nothing of it could be sent.";
        }

        long sent = 0;
        try
        {
            LedgerHead head = await platform.HeadAsync(stop);
            long through = head.LedgerId is null ? 0 : head.AcceptedThrough;
            if ((head.LedgerId is { } known && (known != LedgerId || head.Epoch != Epoch)) || (through > 0 && HashAt(through) != head.HeadHash))
            {
                return "The old ledger is not the past that the platform knows; nothing of it was sent.";
            }

            while (Leaves(through) is { Count: > 0 } leaves)
            {
                through = (await platform.UploadAsync(leaves, [], stop)).AcceptedThrough;
                sent += leaves.Count;
            }

            return string.Create(CultureInfo.InvariantCulture, $"The platform has the old ledger up to its last entry, {through} ({sent} were sent now).");
        }
        catch (Exception e) when (e is PlatformProblemException or SqliteException or FormatException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{sent} entries of the old ledger were sent, the rest was not: {e.Message}");
        }
    }

    private IReadOnlyList<byte[]> Leaves(long after)
    {
        using SqliteConnection db = LedgerVerification.OpenUntouched(File);
        return LedgerQueries.Leaves(db, after, UploadEntries);
    }

    private string? HashAt(long seq)
    {
        using SqliteConnection db = LedgerVerification.OpenUntouched(File);
        return LedgerQueries.HashAt(db, seq);
    }
}
