namespace EdgeLine.Tests.Hostile;

/// <summary>A manifest of a platform that signs nonsense: behind a good signature every member is still judged.</summary>
public sealed class HostileManifestTests
{
    [Fact(Timeout = 300_000)]
    public Task Signed_nonsense_is_taken_whole_or_refused() => LeaseTargets.SignedAgain.FirstAsync();

    [Fact(Timeout = 3_600_000)]
    [Trait("tier", "full")]
    public Task Many_more_are_too() => LeaseTargets.SignedAgain.FullAsync();
}
