using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <content>
/// The people beside the line: they show rejected items at the rework table, take samples, change rolls, check the
/// scanner. What leaves over the table leaves like every other item: no code twice.
/// </content>
internal sealed partial class VirtualLine
{
    private readonly List<Item> _bin = [];
    private readonly HashSet<CertificateCode> _takenBack = [];
    private readonly HashSet<CertificateCode> _answersLost = [];
    private Item? _atTable;
    private ReworkCard? _card;
    private long _scans;

    public int Reworked { get; private set; }

    /// <summary>Items in the bin whose acceptance was on disk and not on the page yet when the service died: nobody may take them for good ones now.</summary>
    public int AnswersLost => _answersLost.Count;

    public int ChecksDone { get; private set; }

    public IReadOnlyCollection<CertificateCode> Gone => _gone;

    private void People()
    {
        LookAtCard();
        LoseCards();
        if (_atTable is null && _bin.Count > 0 && _random.Chance(_faults.Rework))
        {
            ShowNext();
        }

        if (_gone.Count > 0 && _random.Chance(_faults.TakenBack))
        {
            TakeBack(_gone.ElementAt(_random.Below(_gone.Count)));
        }

        if (_random.Chance(_faults.RollChange))
        {
            Do(new LineEvent.RollChanged(++_commandId, "Sun", "media", $"L-{_items}"));
        }

        if (_random.Chance(_faults.Check))
        {
            Do(new LineEvent.ScannerCheckAsked(++_commandId, "Zhao"));
        }

        StepOfCheck();
    }

    // A label can often be read by hand where the scanner could not; now and then only its characters can be typed.
    private void ShowNext()
    {
        _atTable = _bin[0];
        _bin.RemoveAt(0);
        if (_atTable.Labels is not [CertificateCode only])
        {
            _atTable.Labels.ForEach(Destroy);
            _atTable = null;
            return;
        }

        Scan(only);
    }

    private void Scan(CertificateCode code)
    {
        CodeRead read = Ledger.ReadOf(code, (_core.Run ?? _core.LastRun)?.RunId);
        Do(new LineEvent.ReworkHeard(++_scans, ""));
        Do(new LineEvent.ReworkRead(++_commandId, _scans, "Wang", read, Typed: _random.Chance(100_000)));
    }

    // No answer yet. Some pull the trigger once more, others take the next item first.
    private void LoseCards()
    {
        if (_atTable is null || _card is not null || !_random.Chance(_faults.Impatience))
        {
            return;
        }

        if (_random.Chance(500_000))
        {
            Scan(_atTable.Labels[0]);
        }
        else
        {
            BackIntoBin();
            while (_atTable is null && _bin.Count > 0)
            {
                ShowNext();
            }
        }
    }

    private void LookAtCard()
    {
        if (_atTable is null || _card is null)
        {
            return;
        }

        CertificateCode code = _atTable.Labels[0];
        if (_card.Answer == "accept")
        {
            Assert.Equal(CodeState.Verified, Ledger.RowOf(code).State);
            Assert.True(_gone.Add(code), $"Code {code} left the line a second time, over the table.");
            Passed++;
            Reworked++;
        }
        else if (_card.Answer == "wait")
        {
            _bin.Add(_atTable);
        }
        else if (_card.Answer != "other-run")
        {
            Destroy(code);
        }

        (_atTable, _card) = (null, null);
    }

    private void Destroy(CertificateCode code)
    {
        CodeRead read = Ledger.ReadOf(code, (_core.Run ?? _core.LastRun)?.RunId);
        if (read is { Kind: ReadKind.Known })
        {
            Do(new LineEvent.VoidAsked(++_commandId, "Wang", read, "label-destroyed"));
        }
    }

    private void TakeBack(CertificateCode code)
    {
        CodeRead read = Ledger.ReadOf(code, _core.Run?.RunId);
        Do(_random.Chance(500_000)
            ? new LineEvent.SampleAsked(++_commandId, "Chen", read, "retained")
            : new LineEvent.VoidAsked(++_commandId, "Chen", read, "recalled", Supervisor: true));
        if (_refusal.Length == 0)
        {
            _gone.Remove(code);
            _takenBack.Add(code);
            Passed--;
        }
    }

    // A person puts the cards on the belt right before the scanner.
    private void StepOfCheck()
    {
        switch (_core.CheckPicture.Step)
        {
            case "test-label": Card(Some.Code(900, CertificateCode.TestPool)); break;
            case "blank":
                Card(null);
                Do(new LineEvent.ScannerCheckEnded(++_commandId, "Zhao", BlankRejected: !_random.Chance(100_000)));
                break;
            case "foreign":
                Card(Some.ForeignCode());
                ChecksDone += _core.CheckPicture.State == "passed" ? 1 : 0;
                break;
            default:
                if (_core.Reason == "scanner-check-failed")
                {
                    Do(new LineEvent.ScannerCheckAsked(++_commandId, "Zhao"));
                }

                break;
        }
    }

    private void Card(CertificateCode? code)
    {
        if (_trackDown)
        {
            return;
        }

        ItemsScanned++;
        var card = new Item { Number = ItemsScanned, ScannedMs = _now.Ms, Card = true };
        _scanned[ItemsScanned] = card;
        _beforeGate.Enqueue(card);
        _frames++;
        Do(code is not { } c ? new LineEvent.NoRead(_frames)
            : new LineEvent.FrameRead(_frames, [new CodeRead(c.IsTest ? ReadKind.Test : ReadKind.Foreign, new CodeRef(0, c), default, false)]));
    }

    private void LoseScanned()
    {
        _bin.AddRange(_scanned.Values.Where(i => i is { Card: false, Ghost: false }));
        _scanned.Clear();
    }

    private void BackIntoBin()
    {
        if (_atTable is not null)
        {
            _bin.Add(_atTable);
        }

        (_atTable, _card) = (null, null);
    }

    // At the end of the shift the bin is empty, whatever became of the run.
    private void EmptyBin()
    {
        while (_faults.Rework > 0 && (_bin.Count > 0 || _atTable is not null || _disk.Count > 0))
        {
            if (_atTable is null && _bin.Count > 0)
            {
                ShowNext();
            }

            while (_disk.TryDequeue(out (LineEffect.Journal Journal, long DueMs) next))
            {
                Commit(next.Journal);
                Do(new LineEvent.Committed(next.Journal.Ticket));
            }

            LookAtCard();
        }
    }
}
