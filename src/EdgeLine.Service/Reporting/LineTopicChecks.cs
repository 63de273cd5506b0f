using System.Text.Json;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>What people check by hand, inside the <c>state</c> topic: scanner, first article, rolls.</summary>
internal static class LineTopicChecks
{
    /// <summary>Writes <c>check</c>, <c>first_article</c>, <c>reprint_off</c> and <c>media</c>; times are Unix milliseconds.</summary>
    public static void Checks(this Utf8JsonWriter json, LineSnapshot line)
    {
        json.WriteStartObject("check");
        json.WriteString("state", line.Check.State);
        json.WriteString("step", line.Check.Step);
        json.WriteNumber("due_ms", line.Check.DueUnixMs);
        json.WriteNumber("suspects", line.Check.Suspects);
        json.WriteEndObject();
        json.WriteStartObject("first_article");
        json.WriteString("state", line.FirstArticle.State);
        json.WriteString("code_tail", line.FirstArticle.CodeTail);
        json.WriteEndObject();
        json.WriteStartObject("reprint_off");
        json.WriteString("state", line.ReprintOff.State);
        json.WriteNumber("boot", line.ReprintOff.Boot);
        json.WriteString("en", line.ReprintOff.En);
        json.WriteString("zh", line.ReprintOff.Zh);
        json.WriteEndObject();
        json.WriteStartObject("media");
        json.WriteString("media_lot", line.Media.MediaLot);
        json.WriteString("ribbon_lot", line.Media.RibbonLot);
        json.WriteNumber("changed_ms", line.Media.ChangedUnixMs);
        json.WriteEndObject();
    }
}
