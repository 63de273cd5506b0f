using System.Text;
using EdgeLine.Service.Configuration;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>The site file under a barrage, with profiles, keys and people beside it: read, or refused with place, limit and remedy.</summary>
public sealed class HostileSiteFileTests : IDisposable
{
    private readonly SiteFolder _site = new(inMemory: true);

    public void Dispose() => _site.Dispose();

    [Fact(Timeout = 300_000)]
    public Task Any_bytes_are_a_site_or_a_problem() => Target.FirstAsync();

    [Fact(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    public Task Many_more_are_too() => Target.FullAsync();

    private HostileTarget Target => new()
    {
        Name = "configuration",
        // A scanner without patterns: building them would be most of the time, and the profiles have a barrage of their own.
        Corpus = [Encoding.UTF8.GetBytes(SiteFolder.Sound.Replace("keyence-sr-1000", "generic-tcp-client", StringComparison.Ordinal))],
        Words = [.. SettingsTargets.JsonWords, "tcp://", "serial:", "0.0.0.0:0", "\"panel\":{", "[::]", "65536", "../"],
        Read = Read,
        MemoryMax = 16 << 20,
        FullCount = HostileTarget.FirstCount,
    };

    private bool Read(byte[] input, SeededRandom random)
    {
        File.WriteAllBytes(_site.File, input);
        ConfigurationResult result = ConfigurationFile.Load(_site.File, SiteFolder.Profiles);
        SettingsTargets.Judged(result, result.Problems);
        HostileTarget.Demand(result.Site is not null || result.Problems.Any(p => !p.IsWarning), "refused without a reason");
        return result.Site is not null;
    }
}
