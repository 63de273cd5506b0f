using System.Runtime.CompilerServices;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The system says no: I/O errors, a slow disk and a full one under a real line. It ends, tells nothing more, and the next one
/// goes on from what is there (P6): a failed COMMIT is an unknown, never tried again.
/// </summary>
public sealed class DiskTroubleTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Calls => new()
    {
        // After the start has synchronised what it needs: somewhere in the run. Two in a row: one alone may be that of the
        // high-water file, which is tried again and ends nothing.
        { "fsync:error=EIO:when=40..41", "I/O error from fsync" },
        { "pwrite64:error=EIO:when=300..301", "I/O error from a write" },
        { "pwrite64:error=ENOSPC:when=320+", "no space from a write on" },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Calls))]
    public Task A_call_that_fails_ends_the_line_and_the_next_one_goes_on(string inject, string what) => InjectAsync([inject], what, full: false);

    [Fact(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    public Task So_does_one_that_fails_anywhere() => InjectAsync(
        [
            .. Enumerable.Range(0, 34).Select(n => $"fsync:error=EIO:when={10 + (n * 7)}..{11 + (n * 7)}"),
            .. Enumerable.Range(0, 33).Select(n => $"pwrite64:error=EIO:when={150 + (n * 23)}..{151 + (n * 23)}"),
            .. Enumerable.Range(0, 33).Select(n => $"pwrite64:error=ENOSPC:when={150 + (n * 23)}+"),
        ],
        "the n-th fsync or write fails",
        full: true);

    [Fact(Timeout = 120_000)]
    public async Task A_disk_that_takes_its_time_loses_nothing()
    {
        using FaultRow row = FaultRow.Begin("F7", "each fsync takes 200 ms");
        await OnAFolderAsync(row, async rig =>
        {
            rig.Under = Inject("fsync:delay_enter=200000");
            await rig.KillAsync(12);
            Assert.True(rig.Labels > 3, rig.LastEnd.Said);
        });
    }

    [RootFact(Timeout = 240_000)]
    public Task A_full_disk_ends_the_line_and_with_space_it_goes_on() => FillAsync([1500, 1800, 2200], full: false);

    [RootFact(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    public Task So_does_one_of_any_size() => FillAsync([.. Enumerable.Range(0, 40).Select(n => 1300 + (n * 97))], full: true);

    private async Task InjectAsync(string[] injections, string what, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F7", what, "", full, test);
        foreach (string inject in injections)
        {
            await OnAFolderAsync(row, async rig =>
            {
                await rig.KillAsync(10); // a ledger with a past
                (int before, rig.Under) = (rig.Labels, Inject(inject));
                await rig.EndAsync();
                Assert.True(rig.LastEnd.Code == 1, $"{inject}: ended with {rig.LastEnd.Code}\n{rig.LastEnd.Said}");
                output.WriteLine($"{inject}: {rig.Labels - before} labels before it");
                (before, rig.Under) = (rig.Passed, []);
                await rig.KillAsync(20);
                Assert.True(rig.Passed > before, $"{inject}: it did not go on");
            });
        }
    }

    private async Task FillAsync(int[] kibibytes, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F8", "the disk gets full while labels are printed, then there is space again", "", full, test);
        foreach (int size in kibibytes)
        {
            await using OwnDisk disk = await OwnDisk.SmallAsync(size);
            await using var rig = new CrashRig(Path.Combine(disk.Folder, "line-1"));
            await rig.EndAsync();
            output.WriteLine($"{size} KiB: {rig.Labels} labels until it was full");
            Assert.True(rig.LastEnd.Code == 1, $"{size} KiB: ended with {rig.LastEnd.Code}\n{rig.LastEnd.Said}");
            await disk.ResizeAsync(64 * 1024);
            int before = rig.Passed;
            await rig.KillAsync(60);
            rig.Check(everything: true);
            row.Cycles++;
            row.Violated(rig.Violations.Count);
            Assert.True(rig.Violations.Count == 0, string.Join('\n', rig.Violations.Take(20)));
            Assert.True(rig.Passed > before, "it did not go on");
        }
    }

    private static async Task OnAFolderAsync(FaultRow row, Func<CrashRig, Task> act)
    {
        string folder = Directory.CreateTempSubdirectory("edgeline-eio-").FullName;
        try
        {
            await using var rig = new CrashRig(folder);
            await act(rig);
            rig.Check(everything: true);
            row.Cycles++;
            row.Violated(rig.Violations.Count);
            Assert.True(rig.Violations.Count == 0, string.Join('\n', rig.Violations.Take(20)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Inject(string what) =>
        ["strace", "-f", "-qqq", "--seccomp-bpf", "-o", "/dev/null", "-e", $"trace={what.Split(':')[0]}", "-e", $"inject={what}"];
}
