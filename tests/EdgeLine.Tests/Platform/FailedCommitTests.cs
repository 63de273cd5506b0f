using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;
using EdgeLine.Simulator.Faults.Disk;

namespace EdgeLine.Tests.Platform;

/// <summary>A commit that failed is an unknown: the platform writes nothing behind it, and the next one makes true first what it finds.</summary>
public sealed class FailedCommitTests : IDisposable
{
    private readonly SimulatedDisk _disk = new(1);
    private Database _database;

    public FailedCommitTests() => _database = Open();

    public void Dispose()
    {
        _database.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void Nothing_is_read_or_written_after_it()
    {
        Note("before");
        _disk.SyncFailsAt = _disk.Syncs + 1;
        Assert.ThrowsAny<Exception>(() => Note("unknown"));
        Assert.True(_database.Failed.IsCancellationRequested);
        long writes = _disk.Writes;
        Assert.Throws<IOException>(() => Note("after"));
        Assert.Throws<IOException>(() => Notes());
        Assert.Equal(writes, _disk.Writes);
    }

    // The disk shows what the failed sync dropped until the power goes. Entries of the next process must not lie behind it.
    [Fact]
    public void What_the_next_process_answered_survives_a_power_cut()
    {
        Note("before");
        _disk.SyncFailsAt = _disk.Syncs + 1;
        Assert.ThrowsAny<Exception>(() => Note("unknown"));
        _disk.Kill();
        _database.Dispose();
        _database = Open();
        Note("after");
        _disk.Halt();
        _database.Dispose();
        _disk.PowerOn(CutKind.NothingKept);
        _database = Open();
        Assert.Equal(["before", "after"], Notes().Except(["unknown"]));
    }

    [Fact]
    public void A_refusal_leaves_no_trace_and_is_no_failure()
    {
        _database.Write<int>(s =>
        {
            s.Audit(0, "test", "note", "refused");
            return new Outcome<int>.Refused(new Problem(409, "about:blank", "no", "no"));
        });
        Assert.Empty(Notes());
        Assert.False(_database.Failed.IsCancellationRequested);
        Note("after");
        Assert.Equal(["after"], Notes());
    }

    private Database Open() => Database.Open($"{_disk.Root}/platform.db", DiskVfs.Name, _disk.ForLedger().WriteAnew);

    private void Note(string text) => _database.Write(s =>
    {
        s.Audit(0, "test", "note", text);
        return new Outcome<int>.Done(0);
    });

    private List<string> Notes() => _database.Read(s => s.All("SELECT subject FROM audit WHERE what = 'note' ORDER BY rowid", r => r.GetString(0)));
}
