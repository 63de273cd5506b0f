using System.Diagnostics;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <content>What can wait for the ledger's thread.</content>
public sealed partial class LineLedger
{
    private abstract class Job
    {
        public abstract void Run(LineLedger ledger, long wallMs);

        /// <summary>What it wrote, or null; known after it ran.</summary>
        public virtual CommittedEntries? Entries => null;

        /// <summary>It is on disk.</summary>
        public virtual void Tell()
        {
        }

        public virtual void Fail(Exception e)
        {
        }
    }

    private sealed class AppendJob(long ticket, IReadOnlyList<LineEntry> entries) : Job
    {
        private LineFold _after = new();

        public override void Run(LineLedger ledger, long wallMs)
        {
            foreach (LineEntry entry in entries)
            {
                _after = ledger.Write(entry, wallMs);
            }
        }

        public override CommittedEntries? Entries => new(ticket, entries, _after);
    }

    private sealed class AskJob<T>(Func<SqliteConnection, T> question, bool withCounts) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _answer;

        public Task<T> Answer => _done.Task;

        public override void Run(LineLedger ledger, long wallMs)
        {
            if (withCounts)
            {
                ledger.StoreFold();
            }

            _answer = question(ledger._connection);
        }

        public override void Tell() => _done.SetResult(_answer!);

        public override void Fail(Exception e) => _done.TrySetException(e);
    }

    private sealed class CopyJob(string path) : Job
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        /// <summary>What goes wrong here says nothing about the ledger: it only reads.</summary>
        public void Copy(SqliteConnection db)
        {
            try
            {
                LedgerCopy.Take(db, path, overwrite: false);
                _done.SetResult();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException || e is SqliteException s && !LedgerFile.IsDamage(s))
            {
                _done.SetException(e);
            }
        }

        public override void Run(LineLedger ledger, long wallMs) => throw new UnreachableException("A copy is made outside a transaction.");

        public override void Fail(Exception e) => _done.TrySetException(e);
    }

    private sealed class LeaseJob(LeaseManifest manifest, string jws, IReadOnlyList<CertificateCode> codes) : Job
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private LineEntry? _entry;
        private LineFold _after = new();
        private ManifestRefusedException? _refused;

        public Task Done => _done.Task;

        public override void Run(LineLedger ledger, long wallMs)
        {
            try
            {
                LedgerQueries.InsertLease(ledger._connection, manifest, jws, codes);
                OpenLeaseRequest.Forget(ledger._connection, manifest.OrderId);
            }
            catch (ManifestRefusedException e)
            {
                _refused = e;
                return;
            }

            _entry = new LineEntry(JournalKind.Leased) { LeaseId = manifest.LeaseId, Count = codes.Count, Detail = ManifestWitness.Detail(manifest.CodesSha256, jws) };
            _after = ledger.Write(_entry, wallMs);
        }

        public override CommittedEntries? Entries => _entry is null ? null : new(0, [_entry], _after);

        public override void Tell()
        {
            if (_refused is not null)
            {
                _done.SetException(_refused);
            }
            else
            {
                _done.SetResult();
            }
        }

        public override void Fail(Exception e) => _done.TrySetException(e);
    }
}
