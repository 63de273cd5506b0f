using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgeLine.Faults;

/// <summary>
/// The pool begins with as many threads as there are processors and adds one now and then. Tests that work without a pause
/// hold all of them, and what waits for a turn in another test would wait for seconds.
/// </summary>
internal static class EnoughThreads
{
    private const int Threads = 32;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no entry point of its own.")]
    internal static void Begin() => ThreadPool.SetMinThreads(Threads, Threads);
}
