using Xunit.Abstractions;

namespace EdgeLine.Faults;

/// <summary>
/// Classes of tests that take long begin first, so that none of them runs alone at the end while the other processor waits.
/// A name that is no class any more does no harm.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Nightly ones before those of every day, each in the order of the time they take.
    private static readonly string[] Long =
    [
        "LabelRenderingTests", "PowerCutTests", "KillTests", "DemonstrationTests", "PartitionTests", "WindowsServiceTests", "ComPortTests", "HostilePanelTests", "DiskTroubleTests",
        "LinePagesTests", "LargeLedgerTests", "HostileBytesTests", "FaultDayTests", "TwinHuntTests", "ShippedDevicesTests", "PrinterTroubleTests",
        "HostileManifestTests", "HostileSiteFileTests", "BitRotTests", "RecoveryTests", "ClockTests", "SecondCopyTests", "ShiftOfErrorsTests", "MqttTests",
        "ReprintReadBackTests", "GateTests", "RemoteCommandTests", "DashboardTests", "ApprovalTests", "SwapTests", "ShippedScannersTests",
    ];

    /// <inheritdoc />
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
    {
        EnoughThreads.Make();
        return testCollections.OrderBy(c => Array.FindIndex(Long, name => c.DisplayName.EndsWith("." + name, StringComparison.Ordinal)) is >= 0 and int at ? at : Long.Length);
    }
}
