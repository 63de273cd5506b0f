using EdgeLine.Service.Panel;

namespace EdgeLine.Tests.Panel;

/// <summary>A name that is typed, while the site knows no people, stays recognisable as one.</summary>
public sealed class PanelAccessTests
{
    [Theory]
    [InlineData("anna", "anna")]
    [InlineData(" 李娜 ", "李娜")]
    [InlineData("li.na@panel", "li.na panel")]
    [InlineData("mqtt:scada", "mqtt scada")]
    [InlineData("anna\nzoe\u001b[31m", "anna zoe [31m")]
    [InlineData("auto", "")]
    [InlineData("@", "")]
    public void A_typed_name_cannot_pass_for_another_source(string typed, string name) =>
        Assert.Equal(name, PanelAccess.Typed(typed));
}
