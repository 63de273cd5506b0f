using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>The life of one alarm after ISA-18.2.</summary>
public sealed class AlarmLifeTests
{
    private const long Now = Some.WallMs;
    private const long Hour = 3_600_000;

    private readonly AlarmList _alarms = new();

    public AlarmLifeTests() => _alarms.At(Now);

    [Fact]
    public void What_was_seen_goes_away_with_its_cause()
    {
        Raise("gate-down", AlarmSeverity.High);
        Assert.Equal("unack", StateOf("gate-down"));
        Assert.True(_alarms.Acknowledge("gate-down", "li.na@panel"));
        Assert.Equal("acked", StateOf("gate-down"));
        Assert.Equal("li.na@panel", _alarms.Active[0].AckedBy);
        _alarms.Clear("gate-down");
        Assert.Empty(_alarms.Active);
    }

    [Fact]
    public void What_nobody_has_seen_waits_as_returned_until_somebody_has()
    {
        Raise("gate-down", AlarmSeverity.High);
        _alarms.At(Now + 5);
        _alarms.Clear("gate-down");
        Assert.Equal("rtn_unack", StateOf("gate-down"));
        Assert.Equal(Now + 5, _alarms.Active[0].ClearedUnixMs);
        Assert.True(_alarms.Acknowledge("gate-down", "li"));
        Assert.Empty(_alarms.Active);
        Assert.False(_alarms.Acknowledge("gate-down", "li"));
    }

    [Fact]
    public void What_nobody_had_to_act_on_goes_away_by_itself()
    {
        Raise("mqtt-down", AlarmSeverity.Low);
        _alarms.Clear("mqtt-down");
        Assert.Empty(_alarms.Active);
    }

    [Fact]
    public void Raised_again_after_it_returned_it_is_one_new_alarm()
    {
        Raise("gate-down", AlarmSeverity.High);
        _alarms.Clear("gate-down");
        _alarms.Raise("gate-down", AlarmSeverity.High, Now + 9);
        AlarmSnapshot alarm = Assert.Single(_alarms.Active);
        Assert.Equal(("unack", Now + 9, 0L), (alarm.State, alarm.RaisedUnixMs, alarm.ClearedUnixMs));
    }

    [Fact]
    public void Raising_it_again_while_it_is_there_changes_nothing()
    {
        Raise("gate-down", AlarmSeverity.High);
        _alarms.Acknowledge("gate-down", "li");
        int version = _alarms.Version;
        _alarms.Raise("gate-down", AlarmSeverity.High, Now + 9);
        Assert.Equal((version, "acked", Now), (_alarms.Version, StateOf("gate-down"), _alarms.Active[0].RaisedUnixMs));
    }

    [Fact]
    public void Worse_than_what_was_seen_has_to_be_seen_again()
    {
        Raise("platform-down", AlarmSeverity.Medium);
        _alarms.Acknowledge("platform-down", "li");
        Raise("platform-down", AlarmSeverity.High);
        Assert.Equal(("unack", "high"), (StateOf("platform-down"), _alarms.Active[0].Severity));
    }

    [Fact]
    public void A_shelved_alarm_comes_back_by_itself_and_is_new_again()
    {
        Raise("gate-down", AlarmSeverity.High);
        _alarms.Acknowledge("gate-down", "li");
        Assert.Equal("", _alarms.Shelve("gate-down", Now + (2 * Hour)));
        Assert.Equal("shelved", StateOf("gate-down"));
        _alarms.At(Now + (2 * Hour) - 1);
        Assert.Equal("shelved", StateOf("gate-down"));
        _alarms.At(Now + (2 * Hour));
        Assert.Equal("unack", StateOf("gate-down"));
    }

    [Fact]
    public void A_shelved_alarm_whose_cause_went_away_is_gone_when_its_time_is_over()
    {
        Raise("gate-down", AlarmSeverity.High);
        _alarms.Shelve("gate-down", Now + Hour);
        _alarms.Clear("gate-down");
        Assert.Equal("shelved", StateOf("gate-down"));
        _alarms.At(Now + Hour);
        Assert.Empty(_alarms.Active);
    }

    [Theory]
    [InlineData((8 * Hour) + 1, "shelved-too-long")]
    [InlineData(0, "shelved-too-long")]
    [InlineData(-Hour, "shelved-too-long")]
    [InlineData(8 * Hour, "")]
    public void Nothing_is_put_aside_for_longer_than_a_shift(long forMs, string refused)
    {
        Raise("gate-down", AlarmSeverity.High);
        Assert.Equal(refused, _alarms.Shelve("gate-down", Now + forMs));
    }

    [Fact]
    public void What_is_not_there_cannot_be_put_aside_or_taken_back()
    {
        Assert.Equal("no-such-alarm", _alarms.Shelve("gate-down", Now + Hour));
        Raise("gate-down", AlarmSeverity.High);
        Assert.False(_alarms.Unshelve("gate-down"));
        _alarms.Shelve("gate-down", Now + Hour);
        Assert.True(_alarms.Unshelve("gate-down"));
        Assert.Equal("unack", StateOf("gate-down"));
    }

    [Fact]
    public void What_was_over_at_once_stays_until_it_was_seen()
    {
        _alarms.Note("slip", AlarmSeverity.Medium, Now);
        Assert.Equal("rtn_unack", StateOf("slip"));
        _alarms.Acknowledge("slip", "li");
        Assert.Empty(_alarms.Active);
    }

    [Fact]
    public void An_alarm_with_two_sources_stays_until_both_are_gone()
    {
        _alarms.Follow("platform-down", true, Now);
        Raise("platform-down", AlarmSeverity.High);
        _alarms.Clear("platform-down");
        Assert.Equal("unack", StateOf("platform-down"));
        _alarms.Follow("platform-down", false, Now);
        Assert.Equal("rtn_unack", StateOf("platform-down"));
    }

    private void Raise(string key, AlarmSeverity severity) => _alarms.Raise(key, severity, Now);

    private string StateOf(string key) => _alarms.Active.Single(a => a.Key == key).State;
}
