using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Ledger;

/// <summary>The core over a real ledger file: a run with bad reads, swapped items, a fault, a restart and a clearance.</summary>
internal sealed class LineUnderTestOverFile(LedgerUnderTest test)
{
    private static readonly LineSettings Settings = new() { Station = Station.Conveyor, SendAhead = 2, LabelsToScanner = 4 };

    private readonly SeededRandom _random = new(7);
    private readonly Queue<CodeRef> _labels = new();
    private readonly Queue<LineEffect> _todo = new();
    private PackagingLine _core = new(Settings, test.Ledger.Memory);
    private Moment _now = new(1000, Some.WallMs);
    private long _item;
    private long _commands;

    public async Task RunAsync()
    {
        await test.LeaseAsync("lease-a", 150);
        await test.LeaseAsync("lease-b", 250);
        await BeginAsync();
        await DoAsync(new LineEvent.Start(++_commands, "Li", Some.Order(200)));
        for (int i = 0; i < 2000 && _core.Run is not null; i++)
        {
            await ItemAsync();
            if (i == 120)
            {
                test.Reopen();
                _core = new PackagingLine(Settings, test.Ledger.Memory);
                await BeginAsync();
            }
            else if (i == 60)
            {
                await DoAsync(new LineEvent.PrinterFault("printer-media-out"));
                await DoAsync(new LineEvent.PrinterReady(1));
            }
        }

        Assert.Null(_core.Run);
    }

    private async Task BeginAsync()
    {
        await DoAsync(new LineEvent.Begin());
        await DoAsync(new LineEvent.ScannerUp());
        await DoAsync(new LineEvent.GateUp());
        await DoAsync(new LineEvent.PrinterReady(1));
    }

    private async Task ItemAsync()
    {
        _now = new Moment(_now.Ms + 500, _now.WallMs + 500);
        int what = _random.Below(100);
        if (_labels.Count == 0 || what < 3)
        {
            await DoAsync(new LineEvent.NoRead(++_item));
        }
        else
        {
            CodeRef label = _labels.Dequeue();
            if (what is >= 3 and < 6)
            {
                await DoAsync(new LineEvent.NoRead(++_item));
            }
            else
            {
                KnownCode known = (await test.Ledger.AskAsync(db => LedgerQueries.Find(db, label.Code)))!;
                await DoAsync(new LineEvent.FrameRead(++_item, [new CodeRead(ReadKind.Known, known.Code, known.State, known.RunId == _core.Run?.RunId)]));
            }
        }

        await DoAsync(new LineEvent.Tick());
        if (_core.State == PackMlState.Held)
        {
            _labels.Clear();
            await DoAsync(new LineEvent.ClearanceDone(++_commands, "Li", 0, "cleared"));
        }
    }

    private async Task DoAsync(LineEvent e)
    {
        foreach (LineEffect effect in _core.Apply(_now, e))
        {
            _todo.Enqueue(effect);
        }

        while (_todo.TryDequeue(out LineEffect? effect))
        {
            LineEvent? next = null;
            switch (effect)
            {
                case LineEffect.Journal journal:
                    await test.WriteAsync([.. journal.Entries]);
                    next = new LineEvent.Committed(journal.Ticket);
                    break;
                case LineEffect.Send send:
                    _labels.Enqueue(send.Code);
                    break;
                case LineEffect.AskCodes ask:
                    next = await test.Ledger.AskAsync(db => new LineEvent.CodesSupplied(
                        LedgerQueries.NextCodes(db, "order-1", ask.AfterId, ask.Count), LedgerQueries.OpenLeases(db, "order-1", ask.AfterId)));
                    break;
                default:
                    break;
            }

            if (next is not null)
            {
                foreach (LineEffect more in _core.Apply(_now, next))
                {
                    _todo.Enqueue(more);
                }
            }
        }
    }
}
