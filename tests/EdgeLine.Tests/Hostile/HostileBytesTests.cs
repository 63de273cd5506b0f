namespace EdgeLine.Tests.Hostile;

/// <summary>
/// Every reader of bytes from outside under a barrage of nearly right ones: an answer or the declared error, never another
/// exception, never more memory than its limits say (P9). A failure prints the line that repeats it. The site file, signed
/// manifests and the panel take longer and have classes of their own, which run beside this one.
/// </summary>
public sealed class HostileBytesTests
{
    private static readonly HostileTarget[] All =
        [.. DeviceTargets.All, .. MqttTargets.All, .. LeaseTargets.All, .. PlatformTargets.All, .. SettingsTargets.All];

    public static TheoryData<string> Targets() => [.. All.Select(t => t.Name)];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Targets), DisableDiscoveryEnumeration = true)]
    public Task Wrong_bytes_get_an_answer_or_a_declared_error(string target) => All.Single(t => t.Name == target).FirstAsync();

    [Theory(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(Targets), DisableDiscoveryEnumeration = true)]
    public Task Twenty_million_of_them_do_too(string target) => All.Single(t => t.Name == target).FullAsync();
}
