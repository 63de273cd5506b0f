using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>A line may let its reader reject besides the gate, where the reader can.</summary>
public sealed class RejectByReaderTests
{
    private const string Anchor = "\"runOutSeconds\": 12,";

    [Fact]
    public void It_is_off_by_default_and_kept_when_written()
    {
        using var site = new SiteFolder();
        Assert.False(site.Load().Site!.Lines[0].RejectByReader);

        SiteConfiguration changed = site.Edit(Anchor, Anchor + " \"rejectByReader\": true,").Load().Site!;
        using var again = new SiteFolder(EffectiveConfiguration.Write(changed));

        Assert.True(changed.Lines[0].RejectByReader);
        Assert.True(again.Load().Site!.Lines[0].RejectByReader);
    }

    [Fact]
    public void A_reader_that_has_no_such_output_is_refused_by_name()
    {
        using var site = new SiteFolder();
        site.Edit("\"keyence-sr-1000\"", "\"sick-lector\"").Edit(Anchor, Anchor + " \"rejectByReader\": true,");

        SettingsProblem problem = site.OnlyProblem();

        Assert.Equal(("lines.belt.rejectByReader", "true"), (problem.Key, problem.Value));
        Assert.Contains("sick-lector has no output", problem.What, StringComparison.Ordinal);
        Assert.Contains("the gate rejects", problem.Remedy, StringComparison.Ordinal);
    }
}
