using EdgeLine.Faults;

namespace EdgeLine.Tests.Hostile;

/// <summary>
/// Every reader of bytes from outside under a barrage of nearly right ones: an answer or the declared error, never another
/// exception, never more memory than its limits say (P9). A failure prints the line that repeats it.
/// </summary>
public sealed class HostileBytesTests
{
    private const int Many = 200_000;

    private static readonly HostileTarget[] All =
        [.. DeviceTargets.All, .. MqttTargets.All, .. LeaseTargets.All, .. PlatformTargets.All, .. SettingsTargets.All];

    public static TheoryData<string, int> Barrages()
    {
        TheoryData<string, int> barrages = [];
        foreach (HostileTarget target in All)
        {
            barrages.Add(target.Name, CountOf(target.Name));
        }

        return barrages;
    }

    // Ten times as many, for the slow ones as many.
    public static TheoryData<string, int> LongBarrages()
    {
        TheoryData<string, int> barrages = [];
        foreach (HostileTarget target in All)
        {
            barrages.Add(target.Name, target.Name is "configuration" or "profiles" or "platform-answers" or "manifest-signed-again" ? Many : 10 * Many);
        }

        return barrages;
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Barrages), DisableDiscoveryEnumeration = true)]
    public Task Wrong_bytes_get_an_answer_or_a_declared_error(string target, int count) => Task.Run(() => Run(target, 1, count, full: false));

    [Theory(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(LongBarrages), DisableDiscoveryEnumeration = true)]
    public Task Twenty_million_of_them_do_too(string target, int count) => Task.Run(() => Run(target, 10_000_000, count, full: true));

    // A site file is read with all profiles beside it.
    private static int CountOf(string target) => target == "configuration" ? 10_000 : Many;

    private static void Run(string target, ulong seed, int count, bool full)
    {
        string test = full ? nameof(Twenty_million_of_them_do_too) : nameof(Wrong_bytes_get_an_answer_or_a_declared_error);
        using FaultRow row = FaultRow.Begin("F17", $"{target}: bytes changed, cut, joined", $"{seed}..{seed + (ulong)count - 1}", full, test);
        All.Single(t => t.Name == target).Run(seed, count, row);
    }
}
