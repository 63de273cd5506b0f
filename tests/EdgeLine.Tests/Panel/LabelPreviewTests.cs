using EdgeLine.Contracts;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;
using EdgeLine.Service.Operations;
using EdgeLine.Tests.Configuration;

namespace EdgeLine.Tests.Panel;

public sealed class LabelPreviewTests : IDisposable
{
    private static readonly LabelContent Content = new("18 mm", "Kesiyi", "GB/T 34722-2017", "R-1", "https://qr.example.cn/C/{code}");

    private readonly SiteFolder _site = new();

    private LineConfiguration Belt => _site.Load().Site!.Lines.Single(one => one.Id == "belt");

    public void Dispose() => _site.Dispose();

    [Fact]
    public void The_picture_is_drawn_from_what_the_printer_would_get()
    {
        LineConfiguration belt = Belt;
        File.Copy(Path.Combine(SiteFolder.Repository, "config", "labels", "board-60x40.zpl"), belt.LabelFile, overwrite: true);
        LabelPreview shown = LabelPreview.Of(belt, Order(Content))!;

        Assert.Empty(shown.Problems);
        Assert.Equal((60.0, 40.0, 12), (shown.WidthMm, shown.HeightMm, shown.DotsPerMm));
        Assert.StartsWith("^XA^JZN", shown.Zpl, StringComparison.Ordinal);
        Assert.Contains("XMB-1", shown.Zpl, StringComparison.Ordinal);
        Assert.Contains("GB/T 34722", shown.Zpl, StringComparison.Ordinal);
        Assert.Contains(LabelFields.SampleCode.Grouped, shown.Zpl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://no-code-in-it.example.cn/")]
    [InlineData("")]
    [InlineData("https://qr.example.cn/with a space/{code}")]
    public void A_label_that_would_be_refused_says_why(string urlTemplate)
    {
        LabelPreview shown = LabelPreview.Of(Belt, Order(Content with { UrlTemplate = urlTemplate }))!;

        Assert.Equal("", shown.Zpl);
        Assert.NotEmpty(Assert.Single(shown.Problems));
    }

    [Fact]
    public void A_template_that_is_gone_says_so()
    {
        LineConfiguration belt = Belt;
        File.Delete(belt.LabelFile);

        Assert.Contains(belt.LabelFile, Assert.Single(LabelPreview.Of(belt, Order(Content))!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_platform_does_not_tell_is_not_shown()
    {
        Assert.Null(LabelPreview.Of(Belt, Order(null)));
        Assert.Null(LabelPreview.Of(Belt, Order(Content with { Standard = null! })));
        Assert.Null(LabelPreview.Of(Belt, Order(Content) with { BatchNumber = null! }));
    }

    private static LineOrder Order(LabelContent? content) => new("order-1", "batch-1", "XMB-1", "Board", 100, 0, "approved", content);
}
