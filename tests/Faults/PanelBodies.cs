using System.Text;

namespace EdgeLine.Faults;

/// <summary>What pages send to the panel: its actions, good bodies for all of them, and the pieces that wrong ones are made of.</summary>
internal static class PanelBodies
{
    private static readonly string[] Actions =
    [
        "start", "pause", "resume", "end", "clearance", "acknowledge", "shelve", "unshelve", "rework", "void", "sample", "replacement", "roll-changed",
        "first-article", "reprint-off", "scanner-check", "scanner-check-end",
    ];

    /// <summary>Good bodies.</summary>
    public static IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            """{"who":"anna","screen":"panel","orderId":"o-1","why":"shift","payload":"https://c.example.cn/C/H123456789ABCDEF"}""",
            """{"who":"anna","found":3,"why":"counted","code":"H123456789ABCDEF","reason":"label-destroyed"}""",
            """{"who":"李","key":"printer-media-out","minutes":30,"what":"media","lot":"L-1","approved":true,"blankRejected":false,"boot":1}""",
            $$"""{"who":"{{new string('李', 500)}}","why":"{{new string('板', 500)}}","lot":"{{new string('卷', 60)}}","what":"ribbon","found":0,"approved":false,"key":"{{new string('键', 500)}}"}""",
            """{"badge":"0011","name":"li","pin":"4711","screen":"panel"}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Pieces of bodies.</summary>
    public static IReadOnlyList<string> Words { get; } = ["{", "}", "\"", "\\uD800", "\\u0000", "null", ":", ",", "\"found\":", "\"payload\":", "\xFF"];

    /// <summary>The address that one body goes to.</summary>
    /// <param name="lineId">Key of the line.</param>
    /// <param name="below">Draws a number from 0 up to, not including, its argument.</param>
    public static string Address(string lineId, Func<int, int> below) =>
        below(20) == 0 ? "api/sign-in" : $"api/lines/{lineId}/{Actions[below(Actions.Length)]}";

    private static readonly string[] OtherTypes = ["text/plain", "application/json; charset=utf-16", "application/json; charset=gb2312", "application/json; charset=", ";;;"];

    /// <summary>Whether a body says that it is JSON; a few say something else.</summary>
    public static string ContentType(Func<int, int> below) => below(20) == 0 ? OtherTypes[below(OtherTypes.Length)] : "application/json";
}
