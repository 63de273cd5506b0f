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
        "KillTests", "PowerCutTests", "DemonstrationTests", "PartitionTests", "WindowsServiceTests", "ComPortTests", "HostilePanelTests", "DiskTroubleTests",
        "LinePagesTests", "HostileBytesTests", "FaultDayTests", "TwinHuntTests", "LargeLedgerTests", "ShippedDevicesTests", "PrinterTroubleTests",
        "HostileManifestTests", "HostileSiteFileTests", "BitRotTests", "RecoveryTests", "SecondCopyTests", "ShiftOfErrorsTests", "MqttTests", "ReprintReadBackTests", "GateTests", "RemoteCommandTests",
        "DashboardTests", "ApprovalTests", "SwapTests", "ShippedScannersTests",
    ];

    /// <inheritdoc />
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => Array.FindIndex(Long, name => c.DisplayName.EndsWith("." + name, StringComparison.Ordinal)) is >= 0 and int at ? at : Long.Length);
}
