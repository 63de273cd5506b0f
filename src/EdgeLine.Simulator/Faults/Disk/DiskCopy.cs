namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>A copy of a whole simulated disk.</summary>
/// <param name="Files">Contents by name.</param>
/// <param name="Small">Contents of the files that are only ever replaced as a whole, by path.</param>
internal sealed record DiskCopy(IReadOnlyDictionary<string, byte[]> Files, IReadOnlyDictionary<string, byte[]> Small);
