using EdgeLine.Contracts;

namespace EdgeLine.Tests.Contracts;

public sealed class CodeCarrierTests
{
    private static readonly CertificateCode Code = CertificateCode.Parse("H7K2M9XR4TC8WQ59");

    [Fact]
    public void Both_carriers_write_the_url_and_read_it_back()
    {
        CodeCarrier shortUrl = CodeCarrier.ShortUrl("hgz.example");
        CodeCarrier link = CodeCarrier.DigitalLink("hgz.example", "06901234567892");
        Assert.Equal("https://hgz.example/C/H7K2M9XR4TC8WQ59", shortUrl.UrlOf(Code));
        Assert.Equal("https://hgz.example/01/06901234567892/21/H7K2M9XR4TC8WQ59", link.UrlOf(Code));
        foreach (CodeCarrier carrier in new[] { shortUrl, link })
        {
            Assert.True(carrier.TryRead(carrier.UrlOf(Code), out CertificateCode read));
            Assert.Equal(Code, read);
        }

        Assert.False(shortUrl.TryRead(link.UrlOf(Code), out _));
    }

    [Theory]
    [InlineData("https://hgz.example/C/H7K2M9XR4TC8WQ58")]
    [InlineData("https://hgz.example/C/H7K2M9XR4TC8WQ59/")]
    [InlineData("https://hgz.example/C/H7K2M9XR4TC8WQ5")]
    [InlineData("https://hgz.example.evil/C/H7K2M9XR4TC8WQ59")]
    [InlineData("6901234567892")]
    [InlineData("")]
    public void Another_text_is_not_ours(string payload) =>
        Assert.False(CodeCarrier.ShortUrl("hgz.example").TryRead(payload, out _));

    [Fact]
    public void A_reader_may_fold_host_and_path_but_not_the_code()
    {
        CodeCarrier carrier = CodeCarrier.ShortUrl("hgz.example");
        Assert.True(carrier.TryRead("HTTPS://HGZ.EXAMPLE/c/H7K2M9XR4TC8WQ59", out _));
        Assert.False(carrier.TryRead("https://hgz.example/C/h7k2m9xr4tc8wq59", out _));
    }

    [Theory]
    [InlineData("06901234567892", true)]
    [InlineData("12345678901231", true)]
    [InlineData("06901234567893", false)]
    [InlineData("6901234567892", false)]
    [InlineData("0690123456789X", false)]
    public void A_gtin_needs_fourteen_digits_and_its_check_digit(string gtin, bool good)
    {
        Assert.Equal(good, CodeCarrier.IsGtin14(gtin));
        if (!good)
        {
            Assert.Throws<FormatException>(() => CodeCarrier.DigitalLink("hgz.example", gtin));
        }
    }

    [Theory]
    [InlineData("ftp://hgz.example/C/{code}")]
    [InlineData("https://hgz.example/C/{code}?x=1")]
    [InlineData("https://合格证.example/C/{code}")]
    [InlineData("https://hgz.example/C{code}")]
    [InlineData("https://hgz. example/C/{code}")]
    public void A_template_that_phones_cannot_open_is_refused(string template) =>
        Assert.Throws<FormatException>(() => CodeCarrier.FromTemplate(template));
}
