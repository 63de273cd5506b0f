namespace EdgeLine.EndToEndTests.Support;

/// <summary>A test that mounts a disk of its own. Where that is not possible it is skipped; the count of its suite and the fault matrix say so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = RootTheoryAttribute.WhyNot;
}

/// <summary>The same for a test with several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = WhyNot;

    /// <summary>Why no disk can be mounted here; null where one can.</summary>
    public static string? WhyNot =>
        OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/dev/loop-control") && File.Exists("/sbin/mkfs.ext4")
            ? null
            : "SKIPPED: real power cuts and full disks need root, loop devices and mkfs.ext4 (apt-get install e2fsprogs); run tests/run as root where they are.";
}
