namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>What the disk says to one operation.</summary>
internal enum DiskAnswer
{
    Done,

    /// <summary>EIO: nobody knows what of it is on the disk.</summary>
    Failed,

    /// <summary>ENOSPC: nothing of it was written.</summary>
    Full,
}
