using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Leases, their ends and allowances, the clock, the disk: what else decides whether a label may be printed.</summary>
public sealed class LeaseTests
{
    [Fact]
    public void When_the_lease_ends_unprinted_codes_expire_and_the_drain_goes_on()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000, codes: 10, autoSupply: true);
        line.Advance(60_000);
        Assert.Equal([CodeState.Printing, CodeState.Printing, CodeState.Printing, CodeState.Expired], line.States(1, 4));
        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(3, line.Sent.Count());
        Assert.Equal("Suspended lease-expired", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void After_the_lease_ended_new_codes_are_asked_for_and_printing_goes_on()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000, codes: 10, autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        line.Read(1);
        line.Advance(60_000);
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Ledger.Lend("order-1", 100, 110, line.Now.WallMs + 3_600_000);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(11)!.Pass);
    }

    [Fact]
    public void A_label_of_which_not_one_byte_left_is_withdrawn_when_its_lease_ends()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000);
        line.Apply(new LineEvent.SendEnded(line.Code(3), SendResult.NotOneByte));
        line.Advance(60_000);
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(CodeState.Void, line.StateOf(3));
        Assert.Equal(3, line.Sent.Count());
        line.Ledger.Demand();
    }

    [Fact]
    public void No_more_codes_of_a_lease_are_verified_than_it_allows_and_then_another_is_asked_for()
    {
        var line = new LineUnderTest(target: 100, mayVerify: 4, codes: 10, autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        for (int n = 1; n <= 4; n++)
        {
            line.Read(n);
        }

        Assert.Equal(4, line.Sent.Count());
        LineEffect.AskCodes ask = line.Effects.OfType<LineEffect.AskCodes>().Last();
        Assert.Equal(10, ask.AfterId);
        line.Ledger.Lend("order-1", 50, 55, line.Now.WallMs + 3_600_000);
        line.Supply(ask);
        Assert.Equal(line.Code(11), line.Sent.ElementAt(4));
        line.Ledger.Demand();
    }

    [Fact]
    public void The_allowance_for_waste_replaces_labels_that_were_lost()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 4, codes: 6);
        line.Read(1);
        line.NoRead();
        line.Read(3);
        line.Read(4);
        Assert.True(line.Read(5)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_line_that_has_only_codes_that_it_may_not_use_says_why_it_prints_nothing()
    {
        // Six are wanted, the lease allows five: the place of the sixth is taken by an item in the bin of an earlier run.
        var line = new LineUnderTest(target: 6, mayVerify: 5, codes: 9, autoSupply: false);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        for (int code = 1; code <= 4; code++)
        {
            Assert.True(line.Read(code)!.Pass);
        }

        line.Apply(new LineEvent.CodesUnavailable("codes-in-bin"));
        // One is still on its way, and that may be all that is missing.
        Assert.Equal("Execute", line.StateText);
        Assert.True(line.Read(5)!.Pass);
        Assert.Equal(("Suspended codes-in-bin", 4), (line.StateText, line.Core.SupplyCount));
        Assert.Equal((true, true), (line.Core.Starved, line.HasAlarm("codes-in-bin")));
        Assert.Equal(5, line.Sent.Count());
        // The platform has a place again when the label in the bin was destroyed and withdrawn.
        line.Ledger.Lend("order-1", 1, 3, line.Now.WallMs + 1_000_000);
        line.Supply(new LineEffect.AskCodes(10, 9));
        Assert.Equal("Execute", line.StateText);
        Assert.True(line.Read(10)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
    }

    [Fact]
    public void What_is_left_of_a_used_up_lease_waits_in_the_ledger_until_it_is_wanted()
    {
        var line = new LineUnderTest(target: 200, mayVerify: 100, codes: 300, autoSupply: true);
        int read = 0;
        void ReadNext() => line.Read((int)line.Sent.ElementAt(read++).Id);
        while (read < 100)
        {
            ReadNext();
        }

        Assert.Equal(100, line.Sent.Count());
        Assert.Equal(200, line.Core.SupplyCount);
        line.Ledger.Lend("order-1", 100, 103, line.Now.WallMs + 3_600_000);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        Assert.InRange(line.Core.SupplyCount, 64 + 99, 64 + 103);

        // So many of its labels are withdrawn that what was kept is not enough: the next ones come, each of them once.
        Assert.All(Enumerable.Range(1, 80), n => Assert.Equal("", line.Void(n, supervisor: true)));
        while (read < line.Sent.Count())
        {
            ReadNext();
        }

        Assert.Contains(line.Effects.OfType<LineEffect.AskCodes>(), ask => ask.AfterId == 164);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(280, line.Sent.Distinct().Count());
        Assert.Equal(280, line.Sent.Count());
        Assert.Equal(16, line.Sent.Count(c => c.Id is > 164 and <= 300));
        line.Ledger.Demand();
    }

    [Fact]
    public void Codes_are_asked_for_once_while_the_supply_keeps_trying()
    {
        var line = new LineUnderTest(autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Apply(new LineEvent.CodesUnavailable("platform-down"));
        line.Apply(new LineEvent.CodesUnavailable("no-codes"));
        line.Advance(5000);
        Assert.Single(line.Effects.OfType<LineEffect.AskCodes>());
        Assert.Equal("Suspended no-codes", line.StateText);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void An_answer_for_a_run_that_is_over_prints_nothing_in_the_next_one()
    {
        var line = new LineUnderTest(autoSupply: false, started: false);
        line.Start(Some.Order(100));
        LineEvent.CodesSupplied late = line.Ledger.Supply("order-1", 0, 50);
        line.End();
        Assert.Equal("Complete ended", line.StateText);
        line.Clear(0);
        line.Start(Some.Order(100, order: "order-2", run: "run-2"));
        line.Apply(late);
        Assert.Empty(line.Sent);
        Assert.Equal(CodeState.Returned, line.StateOf(1));
        line.Ledger.Lend("order-2", 50, 50, line.Now.WallMs + 3_600_000);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        Assert.Equal(line.Code(1101), line.Sent.First());
        line.Ledger.Demand();
    }

    [Fact]
    public void A_clock_that_was_set_back_stops_printing_until_it_is_right_again()
    {
        var line = new LineUnderTest();
        line.Read(1);
        int sent = line.Sent.Count();
        line.Now = line.Now with { WallMs = line.Now.WallMs - 121_000 };
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(sent, line.Sent.Count());
        Assert.Equal("Suspended clock-set-back", line.StateText);
        line.Now = line.Now with { WallMs = line.Now.WallMs + 121_000 };
        line.Advance(50);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_lease_does_not_come_back_to_life_when_the_clock_is_set_back_over_a_restart()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000);
        line.Advance(59_000);
        line.Read(1);
        line.Now = line.Now with { WallMs = line.Now.WallMs - 50_000_000 };
        line.Crash();
        line.DevicesUp();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Advance(50);
        Assert.Equal("Suspended clock-set-back", line.StateText);
        Assert.Empty(line.Sent);
    }

    [Fact]
    public void Little_space_on_the_disk_stops_printing_but_not_deciding()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.StorageLow(true));
        Assert.True(line.Read(1)!.Pass);
        Assert.Equal("Suspended storage-low", line.StateText);
        Assert.Equal(3, line.Sent.Count());
        line.Apply(new LineEvent.StorageLow(false));
        Assert.Equal(4, line.Sent.Count());
    }

    [Fact]
    public void Too_many_codes_that_only_this_pc_knows_stop_printing_but_not_deciding()
    {
        var line = new LineUnderTest(maxUnconfirmed: 100);
        line.Apply(new LineEvent.Exposed(99));
        Assert.Equal("Execute", line.StateText);
        line.Apply(new LineEvent.Exposed(100));
        int sent = line.Sent.Count();
        Assert.True(line.Read(1)!.Pass);
        Assert.Equal("Suspended unconfirmed-limit", line.StateText);
        Assert.Equal(sent, line.Sent.Count());
        line.Apply(new LineEvent.Exposed(99));
        Assert.Equal(sent + 1, line.Sent.Count());
    }

    [Fact]
    public void A_ledger_that_is_not_the_lines_only_past_never_prints_again()
    {
        var line = new LineUnderTest(started: false);
        line.Apply(new LineEvent.LedgerLocked());
        line.Start(Some.Order(5));
        Assert.Empty(line.Sent);
        Assert.Equal("Suspended ledger-locked", line.StateText);
    }
}
