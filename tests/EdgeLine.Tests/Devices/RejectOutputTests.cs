using EdgeLine.Devices.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>The reject output of a reader is switched over the connection that its reads come on, and is no read itself.</summary>
public sealed class RejectOutputTests
{
    private const string Url = "https://hgz.example/C/H0123456789ABCDE";

    public static TheoryData<string> WithOutput => [.. NamesWithOutput];

    private static IEnumerable<string> NamesWithOutput =>
        ReaderUnderTest.Names(triggered: true).Where(name => ReaderUnderTest.Load(name).Outputs is not null);

    [Fact]
    public void Keyence_and_Cognex_readers_have_one()
    {
        Assert.Equal(["cognex-dataman", "cognex-dataman-extended", "keyence-sr-1000", "keyence-sr-2000"], NamesWithOutput.Order());
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(WithOutput))]
    public async Task It_pulses_once_for_each_reject_and_no_item_is_counted_for_its_answer(string name)
    {
        await using ReaderUnderTest test = new(name);
        await test.UpAsync();

        test.Reader.Read([]);
        test.Scanner.Reject();
        test.Scanner.Reject();
        await Within.Async(() => test.Reader.OutputPulses == 2, "two pulses");
        test.Reader.Read([Url]);

        await test.HeardAsync("N", $"F {Url} +0");
        Assert.Equal(1, test.Scanner.Generation);
        Assert.DoesNotContain(test.Heard.All, e => e is ScannerEvent.Down);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_to_be_rejected_while_the_reader_was_away_is_forgotten()
    {
        await using ReaderUnderTest test = new("keyence-sr-1000");
        await test.UpAsync();
        test.Scanner.Reject();
        await Within.Async(() => test.Reader.OutputPulses == 1, "one pulse");

        test.Reader.Cut();
        test.Scanner.Reject();
        await test.UpAsync(2);
        test.Scanner.Reject();
        await Within.Async(() => test.Reader.OutputPulses >= 2, "the pulse of now");
        test.Reader.Read([Url]);
        await test.Heard.WaitForAsync(e => e is ScannerEvent.Frame { Generation: 2 });

        Assert.Equal(2, test.Reader.OutputPulses);
    }
}
