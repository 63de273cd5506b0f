using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>The happy path, order of reads, and what stands beside our code.</summary>
public sealed class ReadBackTests
{
    [Fact]
    public void A_label_is_sent_only_after_its_print_entry_is_on_disk()
    {
        var line = new LineUnderTest(autoCommit: false, started: false);
        line.Start(Some.Order(10));
        Assert.Empty(line.Sent);

        line.CommitNext(); // the run
        Assert.Empty(line.Sent);
        line.CommitNext(); // the first print entry
        Assert.Equal([line.Code(1)], line.Sent);
        line.CommitAll();
        Assert.Equal([line.Code(1), line.Code(2), line.Code(3)], line.Sent);
    }

    [Fact]
    public void A_good_read_passes_only_after_verified_is_on_disk()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        Assert.Null(line.Read(1));

        line.CommitNext();
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Equal(CodeState.Verified, line.StateOf(1));
    }

    [Fact]
    public void The_happy_path_writes_two_entries_for_a_label()
    {
        var line = new LineUnderTest();
        line.Read(1);
        Assert.Equal([JournalKind.Print, JournalKind.Verified], line.Ledger.Entries.Where(e => e.Code.Id == 1).Select(e => e.Kind));
    }

    [Fact]
    public void No_more_labels_are_on_their_way_than_the_site_can_hold()
    {
        var line = new LineUnderTest(sendAhead: 2, labelsToScanner: 6);
        Assert.Equal(8, line.Core.InFlightCount);
        line.Read(1);
        Assert.Equal(8, line.Core.InFlightCount);
        Assert.Equal(line.Code(9), line.Sent.Last());
    }

    [Fact]
    public void Two_products_that_changed_places_both_pass()
    {
        var line = new LineUnderTest();
        Assert.True(line.Read(2)!.Pass);
        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(1, line.Ledger.Fold.Totals.Slips);
        Assert.False(line.HasAlarm("slip"));
    }

    [Fact]
    public void A_label_passed_over_twice_is_in_doubt_and_still_passes_when_it_comes()
    {
        var line = new LineUnderTest();
        line.Read(2);
        line.Read(3);
        Assert.Equal(CodeState.InDoubt, line.StateOf(1));
        Assert.True(line.HasAlarm("slip"));
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void An_EAN_beside_our_code_is_ignored()
    {
        var line = new LineUnderTest();
        Assert.True(line.Frame(new CodeRead(ReadKind.Other, default, default, false), line.ReadOf(1))!.Pass);
    }

    [Fact]
    public void An_EAN_alone_is_an_item_without_a_read()
    {
        var line = new LineUnderTest();
        LineEffect.Verdict verdict = line.Frame(new CodeRead(ReadKind.Other, default, default, false))!;
        Assert.Equal((false, "other-symbol"), (verdict.Pass, verdict.Reason));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void The_same_code_twice_in_one_view_is_one_code()
    {
        var line = new LineUnderTest();
        Assert.True(line.Frame(line.ReadOf(1), line.ReadOf(1))!.Pass);
    }

    [Fact]
    public void Two_of_our_labels_on_one_item_reject_the_item_and_both_codes()
    {
        var line = new LineUnderTest();
        LineEffect.Verdict verdict = line.Read(1, 2)!;
        Assert.Equal((false, "several-codes"), (verdict.Pass, verdict.Reason));
        Assert.Equal([CodeState.Rejected, CodeState.Rejected], line.States(1, 2));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.NoRead(); // the item that got none
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(1, line.Ledger.Fold.Totals.Unlabelled);
    }

    [Theory]
    [InlineData("duplicate")]
    [InlineData("foreign")]
    [InlineData("voided-label-alive")]
    public void A_label_that_should_not_be_there_beside_a_good_one_holds_the_line(string what)
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Read(2);
        line.Void(3);
        CodeRead bad = what switch
        {
            "duplicate" => line.ReadOf(1),
            "foreign" => line.Ledger.ReadOf(Some.ForeignCode(), null),
            _ => line.ReadOf(3),
        };
        Assert.False(line.Frame(line.ReadOf(4), bad)!.Pass);
        Assert.Equal($"Held {what}", line.StateText);
        Assert.True(line.Core.NeedsClearance);
    }

    [Fact]
    public void A_test_label_is_rejected_and_nothing_else_happens()
    {
        var line = new LineUnderTest();
        Assert.False(line.Frame(new CodeRead(ReadKind.Test, new CodeRef(0, Some.Code(1, 'T')), default, false))!.Pass);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void Facts_that_are_older_than_what_the_line_did_itself_change_nothing()
    {
        var line = new LineUnderTest();
        CodeRead stale = new(ReadKind.Known, line.Code(1), CodeState.Available, false);
        Assert.True(line.Frame(stale)!.Pass);
    }
}
