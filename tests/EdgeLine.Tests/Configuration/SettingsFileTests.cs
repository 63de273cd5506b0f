using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Configuration;

public class SettingsFileTests
{
    [Fact]
    public void Every_value_knows_its_line_column_and_key()
    {
        SettingsValue root = Parse("// 标题\n{\n  /* 批 */ \"批\": [1,\n    { \"b\": \"x\" },],\n}\n", out List<SettingsProblem> problems)!;
        Assert.Empty(problems);
        SettingsMember list = Assert.Single(root.Members);
        Assert.Equal((3, 11), (list.Line, list.Column));
        SettingsValue inner = list.Value.Items[1].Members[0].Value;
        Assert.Equal(("批[1].b", 4, 12), (inner.Key, inner.Line, inner.Column));
    }

    [Theory]
    [InlineData("{\n \"a\": 1\n \"b\": 2\n}", 3, "not JSON")]
    [InlineData("{\n \"a\": tru\n}", 2, "not JSON")]
    [InlineData("{\n \"a\": 1,\n", 3, "not JSON")]
    [InlineData("", 1, "not JSON")]
    [InlineData("{ \"a\": 1 }\n}", 2, "not JSON")]
    [InlineData("[ 1 ]", 1, "not a section")]
    [InlineData("{\n\"a\": \"\\ud800\" }", 2, "half a character")]
    [InlineData("{\n\"\": 1 }", 2, "a key without a name")]
    public void Text_that_is_no_JSON_is_answered_with_the_line(string text, int line, string what)
    {
        Assert.Null(Parse(text, out List<SettingsProblem> problems));
        SettingsProblem problem = Assert.Single(problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.Equal(SettingsProblem.WholeFile, problem.Key);
    }

    [Fact]
    public void A_file_saved_in_another_encoding_is_told_from_broken_JSON()
    {
        var problems = new List<SettingsProblem>();
        byte[] gbk = [.. "{\n \"title\": \""u8, 0xB0, 0xE5, .. "\" }"u8];
        Assert.Null(SettingsFile.Parse("f", gbk, problems));
        Assert.Equal((2, "byte B0", "UTF-8"), (problems[0].Line, problems[0].Value, problems[0].Limit));
        problems.Clear();
        Assert.Null(SettingsFile.Parse("f", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), problems));
        Assert.Equal("UTF-8", Assert.Single(problems).Limit);
        problems.Clear();
        Assert.NotNull(SettingsFile.Parse("f", [0xEF, 0xBB, 0xBF, .. "{}"u8], problems));
    }

    [Fact]
    public void A_device_without_an_end_is_too_large_and_not_read_for_ever()
    {
        List<SettingsProblem> problems = [];
        Assert.Null(SettingsFile.Read("/dev/zero", problems));
        Assert.Equal(("file too large", "more than 1048576 bytes"), (Assert.Single(problems).What, problems[0].Value));
    }

    /// <summary>Found by the barrage of bytes: a long name was copied for each value below it.</summary>
    [Fact]
    public void A_key_without_an_end_is_refused_before_it_is_copied()
    {
        string inner = string.Join(",", Enumerable.Range(0, 20_000).Select(n => $"\"k{n}\":1"));
        string text = $"{{\"{new string('x', 500_000)}\": {{ {inner} }} }}";
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Parse(text, out List<SettingsProblem> problems));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000_000);
        SettingsProblem problem = Assert.Single(problems);
        Assert.Equal(("a key too long", "1 to 100 characters"), (problem.What, problem.Limit));
        Assert.True(problem.ToString().Length < 300);
    }

    /// <summary>Half a million values on one line: each has to know its column, and together they took minutes.</summary>
    [Fact(Timeout = 60_000)]
    public Task A_large_file_of_one_line_is_read_at_once() => Task.Run(() =>
    {
        SettingsValue root = Parse($"{{\"a\":[{string.Join(",", Enumerable.Repeat("1", 500_000))}]}}", out List<SettingsProblem> problems)!;
        Assert.Empty(problems);
        Assert.Equal(500_000, root.Members[0].Value.Items.Count);
    });

    [Fact]
    public void Size_and_depth_have_limits()
    {
        Assert.Null(Parse("{\"a\":\"" + new string('x', SettingsFile.BytesMax) + "\"}", out List<SettingsProblem> problems));
        Assert.Equal("file too large", Assert.Single(problems).What);

        string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
        Assert.NotNull(Parse(Nested(SettingsFile.DepthMax), out _));
        Assert.Null(Parse(Nested(SettingsFile.DepthMax + 1), out problems));
        Assert.Equal("too many levels", Assert.Single(problems).What);
        Assert.Null(Parse(Nested(5000), out problems));
        Assert.Single(problems);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_answer()
    {
        var problems = new List<SettingsProblem>();
        Assert.Null(SettingsFile.Read("/nowhere/at/all.json", problems));
        Assert.Equal("file not found", Assert.Single(problems).What);
        problems.Clear();
        Assert.Null(SettingsFile.Read(Path.GetTempPath(), problems));
        Assert.Equal("file not readable", Assert.Single(problems).What);
    }

    [Fact]
    public void A_repeated_key_is_found_on_every_level()
    {
        var problems = new List<SettingsProblem>();
        SettingsValue root = SettingsFile.Parse("f", "{ \"s\": {\n\"a\": 1,\n\"a\": 2, \"a\": 3 } }"u8, problems)!;
        Assert.Equal(1, new SettingsSection(root, problems).Section("s")!.Whole("a", 0, 9, "of it"));
        Assert.Equal([3, 3], problems.Select(one => one.Line));
        Assert.All(problems, one => Assert.Contains("first is on line 2", one.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pattern_cannot_be_made_to_hang()
    {
        var problems = new List<SettingsProblem>();
        SettingsValue root = SettingsFile.Parse("f", """{ "good": "^(a+)+$", "bad": "(", "back": "(a)\\1" }"""u8, problems)!;
        var section = new SettingsSection(root, problems);
        Assert.DoesNotMatch(section.OptionalPattern("good")!, new string('a', 100_000) + "!");
        Assert.Null(section.OptionalPattern("bad"));
        Assert.Null(section.OptionalPattern("back"));
        Assert.Equal(["bad", "back"], problems.Select(one => one.Key));
    }

    [Fact]
    public void A_value_in_a_message_cannot_disturb_the_screen()
    {
        Assert.Equal("\"a\\u001b[2Jb\\r\\n\\\"\\u202e板\"", SettingsProblem.Quote("a\u001b[2Jb\r\n\"\u202e板"));
        Assert.True(SettingsProblem.Quote(new string('x', 5000)).Length < 100);
    }

    [Theory]
    [InlineData("lablesToScanner", "labelsToScanner")]
    [InlineData("LabelsToScanner", "labelsToScanner")]
    [InlineData("sendahed", "sendAhead")]
    public void A_misspelt_name_finds_its_neighbour(string written, string meant) =>
        Assert.Equal(meant, NearName.Of(written, ["sendAhead", "labelsToScanner", "start"])[0]);

    [Fact]
    public void A_strange_name_finds_nothing() =>
        Assert.Empty(NearName.Of("colour", ["sendAhead", "labelsToScanner", "start"]));

    [Theory]
    [InlineData("9600 8N1", "9600 8N1")]
    [InlineData("115200  7E2 rts-cts", "115200 7E2 rts-cts")]
    [InlineData("9600 8O1 xon-xoff", "9600 8O1 xon-xoff")]
    [InlineData("9600", null)]
    [InlineData("9601 8N1", null)]
    [InlineData("9600 9N1", null)]
    [InlineData("9600 8N1 dtr", null)]
    [InlineData("9600 8N1 rts-cts x", null)]
    [InlineData("-9600 8N1", null)]
    public void A_serial_setting_is_read_or_refused(string text, string? expected)
    {
        Assert.Equal(expected is not null, SerialSettings.TryParse(text, out SerialSettings? settings));
        Assert.Equal(expected, settings?.ToString());
    }

    private static SettingsValue? Parse(string text, out List<SettingsProblem> problems)
    {
        problems = [];
        return SettingsFile.Parse("f", Encoding.UTF8.GetBytes(text), problems);
    }
}
