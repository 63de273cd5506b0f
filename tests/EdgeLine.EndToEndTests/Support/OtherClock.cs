using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A wall clock that is ahead of this PC's for one program and all that it starts, and runs like ours: by a small library that
/// is loaded before all others. Wrappers that are to be had ask a lock for each look at any clock, and a line looks often.
/// </summary>
internal static class OtherClock
{
    /// <summary>Makes the library in a folder; returns what <c>env</c> needs before the program.</summary>
    public static async Task<string[]> AheadAsync(string folder, TimeSpan ahead)
    {
        string library = Path.Combine(folder, "other-clock.so");
        // From the table of system calls of Linux: those of x86-64, and the generic one.
        int call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 228 : 113;
        await using RunningProgram compiler = RunningProgram.StartOther(
            "tcc", $"-DCLOCK_GETTIME={call.ToString(CultureInfo.InvariantCulture)}", "-shared", "-nostdlib", "-o", library, Path.Combine(AppContext.BaseDirectory, "Support", "other-clock.c"));
        Assert.True(await compiler.EndAsync() == 0, $"no library: {string.Join(' ', compiler.Lines)}. It needs: apt-get install tcc");
        return [$"LD_PRELOAD={library}", $"CLOCK_AHEAD={((long)ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture)}"];
    }
}
