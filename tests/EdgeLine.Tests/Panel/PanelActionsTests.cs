using EdgeLine.Service.Panel;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Panel;

/// <summary>What people send with an action: any value has an answer, none of them ends the service.</summary>
public sealed class PanelActionsTests
{
    private readonly HandClock _clock = new();

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(int.MaxValue)]
    public void Any_number_of_minutes_on_the_shelf_is_a_time(int minutes)
    {
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(minutes * 60_000L, PanelActions.EndOfShelf(_clock, minutes) - now);
    }
}
