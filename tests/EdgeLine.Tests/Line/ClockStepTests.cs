using System.Runtime.CompilerServices;
using EdgeLine.Contracts;
using EdgeLine.Faults;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// The PC's clock jumps by minutes, days and years, over restarts too (P5): nothing is printed after the end of its lease by the
/// latest time that anybody knew, verdicts never notice, and with the clock right again printing goes on.
/// </summary>
public sealed class ClockStepTests
{
    private const long Minute = 60_000, Day = 1_440 * Minute, Year = 365 * Day, Tolerance = 2 * Minute;

    private static readonly long[] Steps =
        [-Year, Year, -Day, Day, -60 * Minute, 60 * Minute, -3 * Minute, 3 * Minute, -Minute, Minute];

    [Fact]
    public void Nothing_is_printed_on_a_time_that_cannot_be_trusted() => Run(200, full: false);

    [Fact]
    [Trait("tier", "full")]
    public void Nothing_is_printed_on_it_in_two_thousand_lives() => Run(2_000, full: true);

    private static void Run(int lives, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F15", "the clock jumps by up to a year, forwards and back, with restarts", $"1..{lives}", full, test);
        for (ulong seed = 1; seed <= (ulong)lives; seed++)
        {
            row.Demand(() => Live(seed, row));
        }
    }

    private static void Live(ulong seed, FaultRow row)
    {
        var random = new SeededRandom(seed);
        long wrong = 0; // by so much the clock is wrong now
        var line = new LineUnderTest(target: 1_000, leaseLastsMs: 30 * Day, autoSupply: false);
        long ends = line.Now.WallMs + (30 * Day);
        long known = 0; // the latest time that was written down or told
        (int seen, int asked) = (0, 0);
        int passed = 0;
        Supply();
        for (int i = 0; i < 120; i++)
        {
            switch (random.Below(6))
            {
                case 0:
                    long step = Steps[random.Below(Steps.Length)];
                    wrong += step;
                    line.Now = new Moment(line.Now.Ms, line.Now.WallMs + step);
                    row.Cycles++;
                    break;
                case 1:
                    long told = line.Now.WallMs - wrong + random.Below((int)Minute);
                    known = Math.Max(known, told);
                    line.Apply(new LineEvent.PlatformSaid(null, told));
                    break;
                case 2 when random.Below(4) == 0:
                    line.Crash();
                    line.DevicesUp();
                    line.Advance(line.Settings.RunOutMs + 1);
                    line.Clear(0);
                    (seen, asked, known) = (0, 0, line.Ledger.Fold.AsOfMs);
                    Supply();
                    break;
                default:
                    Judge();
                    ReadNewest();
                    break;
            }

            line.Advance(random.Below(1_000));
            Supply();
            Judge();
        }

        // Somebody sets the clock: to the time that the entries say, if that is later, because it cannot run back.
        bool hasLease = Math.Max(known, line.Ledger.Fold.AsOfMs) < ends;
        line.Now = new Moment(line.Now.Ms, Math.Max(known, line.Ledger.Fold.AsOfMs));
        line.Advance(1);
        Supply();
        line.Advance(1);
        if (line.Core.State == PackMlState.Held)
        {
            line.Clear(0);
            line.Resume();
        }

        Supply();
        ReadNewest();
        Assert.True(!hasLease || line.Core.State == PackMlState.Execute, $"seed {seed}: {line.StateText}");
        Assert.True(passed > 0 || !hasLease, $"seed {seed}: nothing was ever printed");

        // What is decided is decided by order and by time that has passed, never by what the clock says.
        void ReadNewest()
        {
            if (line.Sent.LastOrDefault() is { Id: > 0 } code && line.StateOf((int)code.Id) == CodeState.Printing)
            {
                passed += line.Read((int)code.Id) is { Pass: true } ? 1 : 0;
            }
        }

        // As the supply does it: after what was decided before is on disk.
        void Supply()
        {
            foreach (LineEffect.AskCodes ask in line.Effects.Skip(asked).OfType<LineEffect.AskCodes>().ToArray())
            {
                asked = line.Effects.Count;
                line.Supply(ask);
            }

            Judge();
        }

        void Judge()
        {
            known = Math.Max(known, line.Ledger.Fold.AsOfMs);
            foreach (LineEffect.Send send in line.Effects.Skip(seen).OfType<LineEffect.Send>())
            {
                Assert.True(
                    line.Now.WallMs < ends && known < ends && line.Now.WallMs >= known - Tolerance - 1_000,
                    $"seed {seed}: code {send.Code.Id} went out at {line.Now.WallMs}; known {known}, the lease ends at {ends}");
            }

            seen = line.Effects.Count;
        }
    }
}
