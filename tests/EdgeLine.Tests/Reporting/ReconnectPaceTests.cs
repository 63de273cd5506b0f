using EdgeLine.Mqtt;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Tests.Reporting;

/// <summary>How fast the session tries again.</summary>
public sealed class ReconnectPaceTests
{
    private static readonly MqttClosed _hungUp = new(MqttClosedBy.Broker, null, "hung up");

    private double _jitter = 0.999;

    private ReconnectPace Pace => field ??= new ReconnectPace(() => _jitter);

    [Fact]
    public void The_wait_doubles_from_one_second_to_sixty()
    {
        double[] waits = [.. Enumerable.Range(0, 9).Select(_ => Math.Round(Pace.AfterFailure(null).TotalSeconds))];
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void Jitter_uses_the_whole_span_but_never_spins()
    {
        for (int failure = 0; failure < 8; failure++)
        {
            Pace.AfterFailure(null);
        }

        _jitter = 0.5;
        Assert.Equal(30, Pace.AfterFailure(null).TotalSeconds);
        _jitter = 0;
        Assert.Equal(0.1, Pace.AfterFailure(null).TotalSeconds);
    }

    [Fact]
    public void Only_a_connection_that_held_starts_the_wait_over()
    {
        for (int failure = 0; failure < 6; failure++)
        {
            Pace.AfterFailure(null);
        }

        Assert.True(Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(20)) > TimeSpan.FromSeconds(50));
        Pace.Held();
        Assert.True(Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(31)) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Three_short_connections_in_a_row_look_like_a_takeover_and_are_tried_again_as_usual()
    {
        Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(2));
        Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(2));
        Assert.False(Pace.TakeoverSuspected);
        Assert.Equal(4, Math.Round(Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(2)).TotalSeconds));
        Assert.True(Pace.TakeoverSuspected);
        Pace.Held();
        Assert.False(Pace.TakeoverSuspected);
    }

    [Fact]
    public void Where_another_client_may_wait_its_minute_a_good_connection_stands_for_longer()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Pace.GoodAfter);
        for (int round = 0; round < 3; round++)
        {
            Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(2));
        }

        Assert.Equal(TimeSpan.FromMinutes(5), Pace.GoodAfter);
        Pace.Held();
        Assert.Equal(TimeSpan.FromSeconds(30), Pace.GoodAfter);
    }

    [Fact]
    public void Our_own_leaving_and_longer_connections_are_no_takeover()
    {
        for (int round = 0; round < 5; round++)
        {
            Pace.AfterEnd(new MqttClosed(MqttClosedBy.Us, null, "we left"), TimeSpan.FromSeconds(1));
            Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(11));
        }

        Assert.False(Pace.TakeoverSuspected);
    }

    [Fact]
    public void A_broker_that_was_away_or_gave_another_reason_is_no_takeover()
    {
        for (int round = 0; round < 5; round++)
        {
            Pace.AfterEnd(_hungUp with { ReasonCode = MqttReasonCode.ServerShuttingDown }, TimeSpan.FromSeconds(1));
            Pace.AfterEnd(_hungUp, TimeSpan.FromSeconds(1));
            Pace.AfterFailure(new MqttConnectionException("refused"));
        }

        Assert.False(Pace.TakeoverSuspected);
    }

    [Fact]
    public void A_broker_that_says_so_is_believed_at_once_and_left_alone_for_minutes()
    {
        TimeSpan wait = Pace.AfterEnd(_hungUp with { ReasonCode = MqttReasonCode.SessionTakenOver }, TimeSpan.FromMinutes(5));
        Assert.InRange(wait.TotalMinutes, 2, 5);
        Assert.True(Pace.TakeoverSuspected);
    }

    [Theory]
    [InlineData(MqttReasonCode.BadUserNameOrPassword, true)]
    [InlineData(MqttReasonCode.NotAuthorized, true)]
    [InlineData(MqttReasonCode.ServerBusy, false)]
    public void Where_a_person_must_act_first_the_wait_is_minutes(MqttReasonCode code, bool minutes) => Assert.Equal(
        minutes, Pace.AfterFailure(new MqttConnectionException("no") { ReasonCode = code }) >= TimeSpan.FromMinutes(1));
}
