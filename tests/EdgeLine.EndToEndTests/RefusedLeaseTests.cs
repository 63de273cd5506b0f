using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A platform that lies, or whose answers were changed on the way: each has its own reason, nothing is printed.</summary>
public sealed class RefusedLeaseTests : IClassFixture<RefusedLines>
{
    private readonly RefusedLines _lines;

    public RefusedLeaseTests(RefusedLines lines, ITestOutputHelper output)
    {
        _lines = lines;
        output.WriteLine(lines.Said);
        Assert.True(lines.Failure is null, $"{lines.Failure}");
    }

    [Theory]
    [InlineData("unsigned", "manifest-unsigned", "carries no signature")]
    [InlineData("no-algorithm", "manifest-unsigned", "only ES256 is taken")]
    [InlineData("tampered", "manifest-tampered", "signature does not fit")]
    [InlineData("replayed", "manifest-replayed", "answers an older request")]
    [InlineData("expired", "lease-expired", "has expired")]
    [InlineData("other-line", "manifest-refused", "it is for line 'line-9'")]
    [InlineData("other-epoch", "manifest-refused", "this ledger has 1")]
    [InlineData("other-codes", "manifest-refused", "not the one that was signed")]
    [InlineData("clock-set-back", "clock-set-back", "")]
    public void A_lease_that_is_not_sound_is_refused_with_its_own_reason_and_nothing_is_printed(string line, string reason, string said)
    {
        LineSnapshot picture = _lines.Picture(line);

        Assert.Equal(reason, picture.Reason);
        Assert.Contains(picture.Alarms, alarm => alarm.Key == reason);
        Assert.Equal(0, _lines.TapeOf(line));
        Assert.Equal(0, picture.Account.Leased);
        Assert.Equal(0, picture.RunCounts.Printed);
        Assert.Contains(
            _lines.Said.Split('\n'),
            row => said.Length == 0 || (row.Contains($"Line {line}:", StringComparison.Ordinal) && row.Contains(said, StringComparison.Ordinal)));
    }
}
