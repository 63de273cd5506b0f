using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>Words for the alarms of one line: those of the product, and what the profile of its printer knows better.</summary>
/// <param name="words">Words of the product.</param>
/// <param name="hints">Hints of the printer's profile by condition, see <see cref="OperatorHint.Conditions"/>.</param>
public sealed class AlarmTexts(CauseWords words, IReadOnlyDictionary<string, OperatorHint> hints)
{
    /// <summary>Words without a printer.</summary>
    public static AlarmTexts Plain { get; } = new(CauseWords.Shipped, new Dictionary<string, OperatorHint>());

    /// <summary>What happened.</summary>
    public TwoLanguages TitleOf(AlarmSnapshot alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return words.TitleOf(alarm.Key, alarm.Args);
    }

    /// <summary>What to do.</summary>
    public TwoLanguages AdviceOf(AlarmSnapshot alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return words.AdviceOf(alarm.Key, alarm.Args);
    }

    /// <summary>What to do at this very model of printer, or null.</summary>
    public TwoLanguages? HintOf(string key) =>
        ConditionOf(key) is { } condition && hints.TryGetValue(condition, out OperatorHint? hint) ? new TwoLanguages(hint.En, hint.Zh) : null;

    private static string? ConditionOf(string key) => key switch
    {
        "printer-down" => "down",
        "printer-media-out" => "mediaOut",
        "printer-ribbon-out" => "ribbonOut",
        "printer-head-open" => "headOpen",
        "printer-paused" => "paused",
        "printer-fault" => "fault",
        _ => null,
    };
}
