using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A scanner proves a symbol, a person the text beside it: no live label before both.</summary>
public sealed class FirstArticleTests
{
    private static LineUnderTest Line(Station station = Station.Conveyor) => new(station, firstArticle: true);

    private static string Judge(LineUnderTest line, bool approved) =>
        line.Ask(id => new LineEvent.FirstArticleJudged(id, "Li", approved, approved ? "" : "wrong date"));

    private static string Another(LineUnderTest line) => line.Ask(id => new LineEvent.FirstArticleAsked(id, "Li"));

    [Theory]
    [InlineData(Station.Conveyor)]
    [InlineData(Station.Bench)]
    public void No_live_label_is_printed_before_the_text_of_a_test_label_is_approved(Station station)
    {
        LineUnderTest line = Line(station);
        CodeRef test = Assert.Single(line.Sent);
        Assert.True(test.Code.IsTest);
        Assert.Equal("Suspended first-article", line.StateText);
        Assert.Equal(("printing", test.Tail), (line.Core.FirstArticlePicture.State, line.Core.FirstArticlePicture.CodeTail));
        Assert.Equal("no-first-article", Judge(line, true));
        line.Advance(600_000);
        Assert.Single(line.Sent);

        LineEffect.Verdict verdict = line.ReadTest(test.Code)!;
        Assert.Equal((false, "first-article"), (verdict.Pass, verdict.Reason));
        Assert.Equal("to-approve", line.Core.FirstArticlePicture.State);
        Assert.Single(line.Sent);
        Assert.Equal("", Judge(line, true));
        Assert.Equal(line.Code(1), line.Sent.ElementAt(1));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Equal(["printed", "read", "approved"], line.Entries(JournalKind.FirstArticle).Select(e => e.Reason));
        Assert.Equal(0, line.Ledger.Fold.Totals.Printed - line.Sent.Count(s => s.Id != 0));
    }

    [Fact]
    public void The_entry_is_on_disk_before_the_test_label_goes_to_the_printer()
    {
        var line = new LineUnderTest(firstArticle: true, started: false, autoCommit: false);
        line.Start(Some.Order(5));
        Assert.Empty(line.Sent);
        line.CommitAll();
        Assert.Single(line.Sent);
    }

    [Fact]
    public void A_refused_text_holds_the_line_until_a_new_label_is_asked()
    {
        LineUnderTest line = Line();
        line.ReadTest(line.Sent.Single().Code);
        Judge(line, false);
        Assert.Equal("Held first-article-refused", line.StateText);
        Assert.Equal("first-article", line.Resume());
        Assert.Single(line.Sent);
        Assert.Equal("wrong date", line.Entries(JournalKind.FirstArticle).Last().Detail);
        Assert.Equal("", Another(line));
        Assert.Equal(2, line.Sent.Count());
        Assert.NotEqual(line.Sent.First(), line.Sent.Last());
        line.ReadTest(line.Sent.Last().Code);
        Judge(line, true);
        Assert.Equal(line.Code(1), line.Sent.ElementAt(2));
    }

    [Fact]
    public void An_old_test_label_approves_nothing()
    {
        LineUnderTest line = Line();
        CertificateCode old = line.Sent.Single().Code;
        Another(line);
        Assert.Equal("test-label", line.ReadTest(old)!.Reason);
        Assert.Equal("printing", line.Core.FirstArticlePicture.State);
    }

    [Fact]
    public void A_test_label_is_printed_again_when_nobody_knows_what_the_printer_did()
    {
        LineUnderTest line = Line();
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(2, line.Sent.Count(s => s.Code.IsTest));
        line.Apply(new LineEvent.SendEnded(line.Sent.Last(), SendResult.NotOneByte));
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(3, line.Sent.Count(s => s.Code.IsTest));
        Assert.DoesNotContain(line.Sent, s => s.Id != 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_restart_remembers_what_was_approved(bool approved)
    {
        LineUnderTest line = Line();
        line.ReadTest(line.Sent.Single().Code);
        if (approved)
        {
            Judge(line, true);
        }

        line.Crash();
        line.DevicesUp();
        line.Advance(20_000);
        line.Clear(0);
        Assert.Equal(!approved, line.Sent.First().Code.IsTest);
    }

    [Fact]
    public void A_refusal_is_remembered_over_a_restart()
    {
        LineUnderTest line = Line();
        line.ReadTest(line.Sent.Single().Code);
        Judge(line, false);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("Held first-article-refused", line.StateText);
        Assert.Equal("first-article", line.Resume());
        Assert.Equal("", Another(line));
        Assert.True(line.Sent.Single().Code.IsTest);
    }

    [Fact]
    public void One_asked_for_in_the_middle_of_a_run_waits_until_its_labels_were_read()
    {
        var line = new LineUnderTest();
        Assert.Equal("", Another(line));
        line.Read(1);
        line.Read(2);
        Assert.DoesNotContain(line.Sent, s => s.Code.IsTest);
        line.Read(3);
        Assert.True(line.Sent.Last().Code.IsTest);
        line.ReadTest(line.Sent.Last().Code);
        Judge(line, true);
        Assert.Equal(line.Code(4), line.Sent.ElementAt(4));
    }

    [Fact]
    public void Labels_that_do_not_come_while_one_is_waited_for_need_a_clearance()
    {
        var line = new LineUnderTest();
        Another(line);
        line.Read(1);
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        line.Clear(2);
        Assert.True(line.Sent.Last().Code.IsTest);
    }

    [Fact]
    public void A_test_label_that_lies_about_is_one_label_more_to_find()
    {
        LineUnderTest line = Line();
        line.Pause();
        Assert.Equal("", line.Clear(1));
        Assert.Equal(2, line.Sent.Count(s => s.Code.IsTest));
    }

    [Fact]
    public void The_end_of_a_run_needs_no_first_article()
    {
        LineUnderTest line = Line();
        line.End();
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal("none", line.Core.FirstArticlePicture.State);
        line.Ledger.Demand();
    }
}
