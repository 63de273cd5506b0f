using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Printer and scanner on one web of labels: nothing moves but by printing.</summary>
public sealed class WebTests
{
    private const int LabelsToScanner = 4;

    [Fact]
    public void The_last_labels_of_a_run_are_pushed_to_the_scanner_by_as_many_blanks_as_lie_between()
    {
        var web = new Web(target: 10);
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal(10, web.Printed);
        Assert.Equal(LabelsToScanner, web.BlanksFed);
        Assert.Equal(10, web.Line.Ledger.Fold.VerifiedInRun);
        Assert.Empty(web.Line.Entries(JournalKind.ItemRejected));
        Assert.DoesNotContain(web.Line.Verdicts, v => v is { Pass: false, Reason: not "blank" });
    }

    [Fact]
    public void No_blank_is_fed_while_labels_follow()
    {
        var web = new Web(target: 100);
        web.Run(pieces: 60);
        Assert.Equal(0, web.BlanksFed);
        Assert.True(web.Line.Ledger.Fold.VerifiedInRun >= 50);
    }

    [Fact]
    public void Blanks_are_neither_items_nor_bad_reads_nor_gaps()
    {
        var web = new Web(target: 3);
        web.Run();
        Assert.Equal(3, web.Printed);
        Assert.Equal(0, web.Line.Ledger.Fold.RunCounts.Rejected);
        Assert.Equal(0, web.Line.Ledger.Fold.RunCounts.Unlabelled);
        Assert.Empty(web.Line.Entries(JournalKind.Held));
    }

    [Fact]
    public void Without_a_gate_each_bad_label_holds_the_web_until_a_person_took_it_off()
    {
        var web = new Web(target: 10) { Unreadable = { 4 } };
        web.Run();
        Assert.Equal("Held bad-label", web.Line.StateText);
        Assert.True(web.Line.HasAlarm("bad-label"));
        Assert.Equal("", web.Line.Resume());
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal((10, 11), (web.Line.Ledger.Fold.VerifiedInRun, web.Printed));
        Assert.Equal(CodeState.Rejected, web.Line.StateOf(4));
    }

    [Fact]
    public void With_a_gate_that_marks_bad_labels_the_web_goes_on_and_one_more_is_printed()
    {
        var web = new Web(target: 10, gate: true) { Unreadable = { 4 } };
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal((10, 11), (web.Line.Ledger.Fold.VerifiedInRun, web.Printed));
        Assert.Empty(web.Line.Entries(JournalKind.Held));
    }

    [Fact]
    public void The_last_label_unread_is_found_by_the_one_that_is_printed_for_it_and_blanks_follow_again()
    {
        var web = new Web(target: 5, gate: true) { Unreadable = { 5 } };
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal((6, CodeState.Rejected), (web.Printed, web.Line.StateOf(5)));
        Assert.Equal(2 * LabelsToScanner, web.BlanksFed);
    }

    [Fact]
    public void After_a_crash_blanks_push_what_is_on_the_web_past_the_scanner_and_nothing_has_to_be_cleared()
    {
        var web = new Web(target: 20);
        web.Run(pieces: 8);
        web.Crash();
        web.Line.DevicesUp();
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal(20, web.Printed);
        Assert.Empty(web.Line.Entries(JournalKind.Cleared));
        Assert.Equal(0, web.Line.Ledger.Fold.Account.InDoubt);
    }

    [Fact]
    public void Paper_out_while_the_last_labels_wait_feeds_the_blanks_again_when_there_is_paper()
    {
        var web = new Web(target: 5);
        web.Line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        web.Forget();
        Assert.Equal("Suspended run-out", web.Line.StateText);
        web.Line.Advance(60_000);
        Assert.Equal("Suspended run-out", web.Line.StateText);
        web.Line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(2 * LabelsToScanner, web.BlanksFed);
    }

    [Fact]
    public void A_trigger_too_many_or_too_few_moves_the_books_of_the_web_and_no_verdict()
    {
        var web = new Web(target: 20, gate: true) { ExtraTriggerBefore = { 6 }, TriggerMissingAt = { 11 } };
        web.Run();
        Assert.Equal("Execute", web.Line.StateText);
        web.Line.Advance(10_001);
        Assert.Equal("Held scanner-silent", web.Line.StateText);
        Assert.Equal("", web.Line.Clear(web.TakeOff()));
        web.Run();
        Assert.Equal("Complete target-met", web.Line.StateText);
        Assert.Equal(20, web.Line.Verdicts.Count(v => v.Pass));
        Assert.Equal(20, web.Line.Ledger.Fold.VerifiedInRun);
        web.Line.Ledger.Demand();
    }

    [Fact]
    public void The_first_article_is_pushed_to_the_scanner_too()
    {
        var web = new Web(target: 3, firstArticle: true);
        web.Run(pieces: 20);
        Assert.Equal("to-approve", web.Line.Core.FirstArticlePicture.State);
        Assert.Equal(LabelsToScanner, web.BlanksFed);
    }

    // The physical web: what the printer fed, in order; a piece reaches the scanner when enough others follow it.
    private sealed class Web
    {
        private readonly Queue<CodeRef?> _toPrint = new();
        private readonly Queue<CodeRef?> _web = new(new CodeRef?[LabelsToScanner]);
        private int _seen;

        public Web(int target, bool gate = false, bool firstArticle = false) =>
            Line = new LineUnderTest(Station.Web, labelsToScanner: LabelsToScanner, target: target, gateOnWeb: gate, firstArticle: firstArticle);

        public LineUnderTest Line { get; }

        public HashSet<int> Unreadable { get; } = [];

        public HashSet<int> ExtraTriggerBefore { get; } = [];

        public HashSet<int> TriggerMissingAt { get; } = [];

        public int Printed => Line.Ledger.Codes.Count(c => c.Printed);

        public int BlanksFed { get { Take(); return _blanks; } }

        private int _blanks;

        /// <summary>The printer forgets what it was sent.</summary>
        public void Forget()
        {
            Take();
            _toPrint.Clear();
        }

        /// <summary>The service dies; printer and web keep what they have.</summary>
        public void Crash()
        {
            Line.Crash();
            _seen = 0;
        }

        /// <summary>A person takes all labels off between head and scanner; how many.</summary>
        public int TakeOff()
        {
            int found = _web.Count(p => p is not null);
            _web.Clear();
            Enumerable.Range(0, LabelsToScanner).ToList().ForEach(_ => _web.Enqueue(null));
            return found;
        }

        public void Run(int pieces = 500)
        {
            Take();
            for (int i = 0; i < pieces && _toPrint.TryDequeue(out CodeRef? piece); i++)
            {
                _web.Enqueue(piece);
                Scan(_web.Dequeue());
                Line.Advance(100);
                Take();
            }
        }

        private void Scan(CodeRef? piece)
        {
            if (piece is { Id: > 0 } label)
            {
                int n = (int)label.Id;
                if (ExtraTriggerBefore.Contains(n))
                {
                    Line.NoRead();
                }

                if (TriggerMissingAt.Contains(n))
                {
                    return;
                }

                if (!Unreadable.Contains(n))
                {
                    Line.Read(n);
                    return;
                }
            }
            else if (piece is { } test)
            {
                Line.ReadTest(test.Code);
                return;
            }

            Line.NoRead();
        }

        private void Take()
        {
            foreach (LineEffect effect in Line.Effects[_seen..])
            {
                if (effect is LineEffect.Send send)
                {
                    _toPrint.Enqueue(send.Code);
                }
                else if (effect is LineEffect.FeedBlanks feed)
                {
                    _blanks += feed.Count;
                    for (int i = 0; i < feed.Count; i++)
                    {
                        _toPrint.Enqueue(null);
                    }
                }
                else if (effect is LineEffect.PrinterCancel)
                {
                    _toPrint.Clear();
                }
            }

            _seen = Line.Effects.Count;
        }
    }
}
