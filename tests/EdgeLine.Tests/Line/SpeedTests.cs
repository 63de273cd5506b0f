using System.Diagnostics;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Line;

/// <summary>Alone in the process: what is measured is the memory of all.</summary>
[CollectionDefinition(nameof(SpeedTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>The core alone must never be what a line waits for, and must not grow.</summary>
[Collection(nameof(SpeedTests))]
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Items = 250_000;

    [Fact]
    public void A_quarter_of_a_million_items_take_far_less_than_a_quarter_of_a_minute_and_leave_nothing_behind()
    {
        var settings = new LineSettings { Station = Station.Conveyor, SendAhead = 2, LabelsToScanner = 6 };
        var core = new PackagingLine(settings, LineMemory.Empty);
        var labels = new Queue<CodeRef>();
        var tickets = new Queue<long>();
        var now = new Moment(1, Some.WallMs);
        long next = 0, passed = 0, early = 0;
        RunOrder order = Some.Order(int.MaxValue / 2);
        LeaseTerms[] lease = [new("lease-1", order.OrderId, long.MaxValue, int.MaxValue, 1, int.MaxValue)];
        CertificateCode[] pool = [.. Enumerable.Range(0, 4096).Select(n => Some.Code(n))];

        void Do(LineEvent e)
        {
            int? asked = null;
            foreach (LineEffect effect in core.Apply(now, e))
            {
                switch (effect)
                {
                    case LineEffect.Journal j: tickets.Enqueue(j.Ticket); break;
                    case LineEffect.Send s: labels.Enqueue(s.Code); break;
                    case LineEffect.Verdict { Pass: true }: passed++; break;
                    case LineEffect.AskCodes a: asked = a.Count; break;
                    default: break;
                }
            }

            if (asked is { } count)
            {
                SuppliedCode[] codes = new SuppliedCode[count];
                for (int i = 0; i < count; i++)
                {
                    codes[i] = new SuppliedCode(new CodeRef(++next, pool[next % pool.Length]), "lease-1");
                }

                Do(new LineEvent.CodesSupplied(codes, lease));
            }

            while (tickets.TryDequeue(out long ticket))
            {
                Do(new LineEvent.Committed(ticket));
            }
        }

        Do(new LineEvent.ScannerUp());
        Do(new LineEvent.GateUp());
        Do(new LineEvent.PrinterReady(1));
        Do(new LineEvent.Start(1, "auto", order));
        var watch = Stopwatch.StartNew();
        for (int item = 1; item <= Items; item++)
        {
            now = new Moment(now.Ms + 10, now.WallMs + 10);
            if (item % 200 == 0)
            {
                Do(new LineEvent.NoRead(item));
            }
            else
            {
                Do(new LineEvent.FrameRead(item, [new CodeRead(ReadKind.Known, labels.Dequeue(), CodeState.Printing, true)]));
            }

            early = item == 10_000 ? GC.GetTotalMemory(true) : early;
        }

        watch.Stop();
        long late = GC.GetTotalMemory(true);
        output.WriteLine($"{Items} items in {watch.ElapsedMilliseconds} ms, memory {early / 1024} -> {late / 1024} KiB, {passed} passed");
        Assert.Equal(Items - (Items / 200), passed);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.True(late < early + 2_000_000, $"Memory grew from {early} to {late} bytes.");
    }
}
