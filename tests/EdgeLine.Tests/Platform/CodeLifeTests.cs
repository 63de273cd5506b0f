using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Journal;

namespace EdgeLine.Tests.Platform;

public sealed class CodeLifeTests
{
    public static TheoryData<JournalKind> Kinds => [.. Enum.GetValues<JournalKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_dead_code_stays_dead_whatever_a_journal_says(JournalKind kind)
    {
        foreach (CodeState dead in new[] { CodeState.Void, CodeState.Returned, CodeState.Expired })
        {
            foreach (bool late in new[] { true, false })
            {
                Assert.Equal(dead, CodeLife.Judge(dead, kind, late, 1).State);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_code_that_may_have_been_printed_never_becomes_open_again(JournalKind kind)
    {
        foreach (CodeState state in Enum.GetValues<CodeState>().Where(s => s != CodeState.Open))
        {
            Assert.NotEqual(CodeState.Open, CodeLife.Judge(state, kind, false, 1).State);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_a_read_of_a_label_that_was_printed_in_time_makes_a_code_active(JournalKind kind)
    {
        foreach (CodeState state in Enum.GetValues<CodeState>().Where(s => s != CodeState.Active))
        {
            bool may = kind == JournalKind.Verified && state is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected && kind == JournalKind.Verified;
            Assert.Equal(may, CodeLife.Judge(state, kind, printedLate: false, placesLeft: 1).State == CodeState.Active);
            Assert.NotEqual(CodeState.Active, CodeLife.Judge(state, kind, printedLate: true, placesLeft: 1).State);
            Assert.NotEqual(CodeState.Active, CodeLife.Judge(state, kind, printedLate: false, placesLeft: 0).State);
        }
    }

    [Fact]
    public void An_entry_that_takes_something_away_is_never_refused()
    {
        foreach (CodeState state in Enum.GetValues<CodeState>())
        {
            foreach (JournalKind kind in new[] { JournalKind.Rejected, JournalKind.InDoubt, JournalKind.Void, JournalKind.Sampled })
            {
                Assert.Null(CodeLife.Judge(state, kind, true, 0).RefusedAs);
            }
        }
    }

    [Fact]
    public void A_verified_entry_is_either_confirmed_or_refused_with_a_reason()
    {
        foreach (CodeState state in Enum.GetValues<CodeState>())
        {
            foreach ((bool late, long places) in new[] { (false, 1L), (true, 1L), (false, 0L) })
            {
                Judgement judgement = CodeLife.Judge(state, JournalKind.Verified, late, places);
                bool confirmed = judgement.State == CodeState.Active && state != CodeState.Active;
                Assert.Equal(confirmed, judgement.RefusedAs is null);
                Assert.Equal(confirmed, judgement.Why is null);
            }
        }
    }
}
