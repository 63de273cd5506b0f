using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>What goes wrong on a belt, through real processes and sockets, and what became of it.</summary>
public sealed class BeltFaultTests : IClassFixture<FaultyLines>
{
    private readonly FaultyLines _lines;

    public BeltFaultTests(FaultyLines lines, ITestOutputHelper output)
    {
        _lines = lines;
        output.WriteLine(lines.Said);
        Assert.True(lines.Failure is null, $"{lines.Failure}");
    }

    public static TheoryData<string> All => [.. FaultyLines.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Whatever_goes_wrong_the_target_is_met_exactly_and_nothing_wrong_leaves(string line)
    {
        LineSnapshot end = _lines.Picture(line);
        HashSet<string> verified = _lines.Ledger(line).In("verified");
        ShippedItems shipped = _lines.Shipped(line);

        Assert.Equal(FaultyLines.Target, end.Account.Verified);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(0, end.Account.Printing + end.Account.InDoubt + end.Account.Rejected);
        Assert.Equal(FaultyLines.Target, end.PlatformConfirmed);
        Assert.Equal(0, end.PlatformRefused);
        Assert.Equal(0, shipped.WithoutCode);
        Assert.All(shipped.Codes, code => Assert.Equal(1, code.Value));
        Assert.All(shipped.Codes, code => Assert.Contains(code.Key[^16..], verified));
        Assert.All(shipped.Items, item => Assert.Single(item.Item.Labels));
        Assert.DoesNotContain(shipped.Items, item => item.Item.ForeignLabel is not null);
    }

    [Fact]
    public void An_item_without_label_is_rejected_and_costs_no_code()
    {
        LineSnapshot end = _lines.Picture("unlabelled");
        StoppedLedger ledger = _lines.Ledger("unlabelled");

        Assert.Equal(2, end.RunCounts.Unlabelled);
        Assert.Equal(["no-read", "no-read"], ledger.ReasonsOf(JournalKind.ItemRejected));
        Assert.Empty(ledger.Of(JournalKind.Rejected));
        Assert.Empty(ledger.Of(JournalKind.InDoubt));
        Assert.Empty(ledger.Of(JournalKind.Held));
        Assert.Equal(2, _lines.Belt("unlabelled").Gate.Rejected);
        Assert.Equal(FaultyLines.Target, ledger.Of(JournalKind.Print).Count);
    }

    [Fact]
    public void A_label_that_is_not_read_falls_into_the_bin_and_its_code_waits_there()
    {
        StoppedLedger ledger = _lines.Ledger("no-read");

        Assert.Equal(["no-read", "no-read"], ledger.ReasonsOf(JournalKind.Rejected));
        Assert.Equal(2, _lines.Belt("no-read").Gate.Rejected);
        Assert.Empty(ledger.Of(JournalKind.Held));
        Assert.Equal(2, _lines.Person("no-read").Accepted + _lines.Person("no-read").Destroyed);
        // The next read is not taken for the one that is missing.
        Assert.Empty(ledger.Of(JournalKind.InDoubt));
    }

    [Fact]
    public void Three_no_reads_in_a_row_hold_the_line_until_a_person_lets_it_go_on()
    {
        StoppedLedger ledger = _lines.Ledger("three-no-reads");

        Assert.Equal(["bad-reads-in-row"], ledger.ReasonsOf(JournalKind.Held));
        Assert.Contains(ledger.Of(JournalKind.Resumed).Concat(ledger.Of(JournalKind.Cleared)), e => e.Who == "virtual operator");
    }

    [Fact]
    public void Two_products_that_changed_places_are_both_good_and_counted_as_a_slip()
    {
        LineSnapshot end = _lines.Picture("swapped");
        StoppedLedger ledger = _lines.Ledger("swapped");

        Assert.Equal(2, end.RunCounts.Slips);
        Assert.Equal(0, end.RunCounts.Rejected);
        Assert.Empty(ledger.Of(JournalKind.Held));
        Assert.Equal(FaultyLines.Target, ledger.Of(JournalKind.Print).Count);
        Assert.Equal(FaultyLines.Target, _lines.Belt("swapped").Gate.Passed);
    }

    [Fact]
    public void Two_labels_on_one_product_reject_it_and_neither_code_passes_on_it()
    {
        StoppedLedger ledger = _lines.Ledger("double-feed");

        Assert.Equal(["several-codes", "several-codes"], ledger.ReasonsOf(JournalKind.Rejected));
        Assert.Equal(["several-codes"], ledger.ReasonsOf(JournalKind.ItemRejected));
        Assert.Empty(ledger.Of(JournalKind.Held));
        Assert.Equal(1, _lines.Belt("double-feed").Gate.Rejected);
    }

    [Fact]
    public void A_label_that_the_printer_repeated_never_passes()
    {
        StoppedLedger ledger = _lines.Ledger("repeat");
        string twin = Assert.Single(_lines.Belt("repeat").Printer.Tape.Twins)[^16..];

        // Right behind its original it may be a chattering sensor; anywhere else it is a duplicate and stops the line.
        JournalEntry seen = Assert.Single(ledger.Of(JournalKind.Intruder), e => e.Reason != "second-label");
        Assert.Equal(twin, seen.Code);
        Assert.Contains(seen.Reason, (string[])["duplicate", "repeat-of-last"]);
        Assert.Equal(seen.Reason == "duplicate" ? ["duplicate"] : [], ledger.ReasonsOf(JournalKind.Held));
        Assert.Equal(seen.Reason == "duplicate" ? 1 : 0, ledger.Of(JournalKind.Cleared).Count);
        Assert.True(_lines.Belt("repeat").Gate.Rejected >= 1, "the twin was rejected");
        Assert.True(_lines.Shipped("repeat").Codes.Count(c => c.Key.EndsWith(twin, StringComparison.Ordinal)) <= 1);
    }

    [Fact]
    public void An_EAN_beside_our_code_disturbs_nothing()
    {
        StoppedLedger ledger = _lines.Ledger("ean");

        Assert.Contains(_lines.Shipped("ean").Items, item => item.Item.OtherSymbol is not null);
        Assert.Equal(0, _lines.Belt("ean").Gate.Rejected);
        Assert.Empty(ledger.Of(JournalKind.Held));
        Assert.Empty(ledger.Of(JournalKind.ItemRejected));
        Assert.Equal(FaultyLines.Target, ledger.Of(JournalKind.Print).Count);
    }

    [Fact]
    public void A_code_of_somebody_else_stops_the_line_for_a_clearance()
    {
        StoppedLedger ledger = _lines.Ledger("foreign");

        Assert.Equal(["foreign"], ledger.ReasonsOf(JournalKind.Intruder));
        Assert.Equal(["foreign"], ledger.ReasonsOf(JournalKind.Held));
        JournalEntry cleared = Assert.Single(ledger.Of(JournalKind.Cleared));
        Assert.Equal("virtual operator", cleared.Who);
        Assert.Equal(1, _lines.Person("foreign").Clearances);
        Assert.Equal(1, _lines.Picture("foreign").RunCounts.Intruders);
    }
}
