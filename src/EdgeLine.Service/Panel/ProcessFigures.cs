namespace EdgeLine.Service.Panel;

/// <summary>What the service takes up, for whoever watches it for months: none of it grows with the labels that it makes.</summary>
/// <param name="HeapBytes">Managed heap after the last collection.</param>
/// <param name="LiveBytes">Managed heap after the last collection of the whole of it.</param>
/// <param name="WorkingSetBytes">Memory of the process, native memory and code included.</param>
public sealed record ProcessFigures(long HeapBytes, long LiveBytes, long WorkingSetBytes)
{
    /// <summary>As it is now.</summary>
    public static ProcessFigures Now() =>
        new(GC.GetGCMemoryInfo().HeapSizeBytes, GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes, Environment.WorkingSet);
}
