using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A wall clock of its own for one program and all that it starts, which can be set while they run: by a small library that is
/// loaded before all others. Wrappers that are to be had ask a lock for each look at any clock, and a line looks often.
/// </summary>
internal sealed class OtherClock
{
    private readonly string _file;

    private OtherClock(string library, string file) => (_file, Environment) = (file, [$"LD_PRELOAD={library}", $"CLOCK_AHEAD={file}"]);

    /// <summary>What <c>env</c> needs before the program.</summary>
    public IReadOnlyList<string> Environment { get; }

    /// <summary>Makes the library in a folder; the clock is right at first.</summary>
    public static async Task<OtherClock> MakeAsync(string folder)
    {
        string library = Path.Combine(folder, "other-clock.so");
        // From the table of system calls of Linux: those of x86-64, and the generic one.
        int call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 228 : 113;
        await using RunningProgram compiler = RunningProgram.StartOther(
            "tcc", $"-DCLOCK_GETTIME={call.ToString(CultureInfo.InvariantCulture)}", "-shared", "-nostdlib", "-o", library, Path.Combine(AppContext.BaseDirectory, "Support", "other-clock.c"));
        Assert.True(await compiler.EndAsync() == 0, $"no library: {string.Join(' ', compiler.Lines)}. It needs: apt-get install tcc");
        var clock = new OtherClock(library, Path.Combine(folder, "clock-ahead"));
        clock.Set(TimeSpan.Zero);
        return clock;
    }

    /// <summary>Sets it, in whole seconds, ahead of this PC's or behind it.</summary>
    public void Set(TimeSpan ahead)
    {
        // In place: programs have the file mapped.
        using FileStream file = File.Open(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)ahead.TotalSeconds));
    }
}
