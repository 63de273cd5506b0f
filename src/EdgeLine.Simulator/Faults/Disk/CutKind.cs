namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>What a power cut leaves of the writes since the last sync.</summary>
internal enum CutKind
{
    /// <summary>Each write is lost, kept or torn.</summary>
    Mixed,

    NothingKept,

    AllKept,
}
