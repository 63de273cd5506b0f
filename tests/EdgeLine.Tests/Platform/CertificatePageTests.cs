using System.Text.Json.Nodes;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Platform;

public sealed class CertificatePageTests : IAsyncLifetime
{
    private PlatformUnderTest _platform = null!;
    private LineUnderTest _line = null!;

    public async Task InitializeAsync()
    {
        _platform = await PlatformUnderTest.StartAsync();
        _line = new LineUnderTest(_platform, "line-1");
        await _line.Lease(10);
    }

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task A_code_is_not_activated_until_the_line_has_read_it_back()
    {
        string code = _line.Codes[0];
        await NotActivated(code);
        _line.Print(code);
        (await _line.Send()).Ok();
        await NotActivated(code);
        _line.Note(JournalKind.InDoubt, code);
        (await _line.Send()).Ok();
        await NotActivated(code);
        _line.Note(JournalKind.Verified, code);
        (await _line.Send()).Ok();

        string page = (await _platform.Get("", $"/C/{code}")).Ok().Text;
        foreach (string shown in new[] { "合格证有效", "难燃细木工板", "湖南示例木业有限公司", "GB/T 34722-2017", "HNZJ-2026-W-018223", "合格", "湖南示例产品质量检验研究院", "2026-11-19", "PZCP-2026-4301-008817" })
        {
            Assert.Contains(shown, page, StringComparison.Ordinal);
        }

        Assert.Contains(CertificateCode.Parse(code).Grouped, page, StringComparison.Ordinal);
        JsonNode json = (await Json(code)).Ok().Json;
        Assert.Equal("active", (string?)json["status"]);
        Assert.Equal("qualified", (string?)json["certificate"]!["report"]!["conclusion"]);

        // A verified item that is rejected afterwards is not on sale.
        _line.Note(JournalKind.Rejected, code, "late");
        (await _line.Send()).Ok();
        await NotActivated(code);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_withdrawn_label_says_why_and_since_when()
    {
        string code = _line.Codes[0];
        _line.Print(code).Note(JournalKind.Verified, code).Note(JournalKind.Void, code, "line-clearance");
        _line.Print(_line.Codes[1]).Note(JournalKind.Void, _line.Codes[1], "<b>x</b>");
        _line.Journal.Add(JournalKind.Returned, lease: _line.LeaseId, count: 28);
        (await _line.Send()).Ok();
        string page = (await _platform.Get("", $"/C/{code}")).Ok().Text;
        Assert.Contains("该标签已作废", page, StringComparison.Ordinal);
        Assert.Contains("生产线清场", page, StringComparison.Ordinal);
        Assert.Contains("2026-11-22", page, StringComparison.Ordinal);
        Assert.DoesNotContain("难燃细木工板", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>x</b>", (await _platform.Get("", $"/C/{_line.Codes[1]}")).Ok().Text, StringComparison.Ordinal);
        Assert.Equal("withdrawn", (string?)(await Json(_line.Codes[5])).Ok().Json["status"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_suspended_batch_warns_with_the_reason_and_comes_back()
    {
        string code = await Activated();
        string batch = _platform.Work["line-1"].BatchId;
        (await _platform.Post("regulator", $"/api/v1/batches/{batch}/suspend", new { why = "监督抽查甲醛释放量不合格" })).Ok();
        string page = (await _platform.Get("", $"/C/{code}")).Ok().Text;
        Assert.Contains("该批次已暂停", page, StringComparison.Ordinal);
        Assert.Contains("监督抽查甲醛释放量不合格", page, StringComparison.Ordinal);
        await NotActivated(_line.Codes[1]);
        (await _platform.Post("regulator", $"/api/v1/batches/{batch}/resume")).Ok();
        Assert.Equal("active", (string?)(await Json(code)).Ok().Json["status"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Expired_insurance_is_not_shown()
    {
        string code = await Activated();
        Assert.Contains("先行赔付", (await _platform.Get("", $"/C/{code}")).Ok().Text, StringComparison.Ordinal);
        // Valid to and including that day in China: one minute before its end, and at its end.
        var end = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.FromHours(8)).AddDays(246);
        _platform.Clock.Advance(end.AddMinutes(-1) - _platform.Clock.GetUtcNow());
        Assert.NotNull((await Json(code)).Ok().Json["certificate"]!["insurance"]);
        _platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await Json(code)).Ok().Json["certificate"]!["insurance"]);
        Assert.DoesNotContain("先行赔付", (await _platform.Get("", $"/C/{code}")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wrong_character_an_unknown_code_and_a_test_label_each_say_so()
    {
        string code = _line.Codes[0];
        string mistyped = code[..15] + (code[15] == '0' ? '1' : '0');
        Assert.Contains("编码有误", (await _platform.Get("", $"/C/{mistyped}")).Ok(404).Text, StringComparison.Ordinal);
        foreach ((string typed, string why) in new[] { (mistyped, "校验位不符"), (code[..15], "位数不对"), (code[..15] + "!", "别的字符"), ("u" + code[1..], "别的字符") })
        {
            Assert.Contains(why, (await _platform.Get("", $"/C/{typed}")).Ok(404).Text, StringComparison.Ordinal);
        }

        Assert.Contains("查无此码", (await _platform.Get("", $"/C/{CertificateCode.Draw().Value}")).Ok(404).Text, StringComparison.Ordinal);
        Assert.Contains("测试标签", (await _platform.Get("", $"/C/{CertificateCode.Draw('T').Value}")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wrong_check_character_and_a_test_label_are_answered_without_the_database()
    {
        string mistyped = "H7K2M9XR4TC8WQ58";
        string test = CertificateCode.Draw('T').Value;
        // Somebody else holds the database for the whole time of these answers.
        using var held = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var holder = Task.Run(() => _platform.Database.Read(_ =>
        {
            inside.Set();
            return held.Wait(TimeSpan.FromSeconds(20));
        }));
        inside.Wait();
        try
        {
            Assert.Equal(404, (await _platform.Get("", $"/C/{mistyped}").WaitAsync(TimeSpan.FromSeconds(10))).Status);
            Assert.Equal(200, (await _platform.Get("", $"/C/{test}").WaitAsync(TimeSpan.FromSeconds(10))).Status);
        }
        finally
        {
            held.Set();
            await holder;
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Looking_changes_nothing_and_asks_nothing_of_third_parties()
    {
        string code = await Activated();
        long before = _platform.Database.Read(s => s.Number("SELECT total_changes()"));
        Reply page = (await _platform.Get("", $"/c/{code}")).Ok();
        (await _platform.Send("", HttpMethod.Head, $"/C/{code}", null)).Ok();
        await _platform.Get("", $"/C/{CertificateCode.Draw().Value}");
        Assert.Equal(before, _platform.Database.Read(s => s.Number("SELECT total_changes()")));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        Assert.Contains("noindex", page.Header("X-Robots-Tag"), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-store", page.Header("Cache-Control"));
        Assert.Equal("", page.Header("Set-Cookie"));
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page.Text, StringComparison.Ordinal);
        Assert.Contains("Disallow: /", (await _platform.Get("", "/robots.txt")).Ok().Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("?lang=en", "zh-CN", "Valid certificate")]
    [InlineData("?lang=zh", "en-GB", "合格证有效")]
    [InlineData("", "en-GB,zh;q=0.5", "Valid certificate")]
    [InlineData("", "zh-CN,en;q=0.9", "合格证有效")]
    [InlineData("", "fr-FR,en;q=0.5", "Valid certificate")]
    [InlineData("", "fr-FR", "合格证有效")]
    public async Task The_page_speaks_chinese_first_and_english_when_asked(string query, string accepted, string headline)
    {
        string code = await Activated();
        Assert.Contains(headline, (await _platform.Get("", $"/C/{code}{query}", ("Accept-Language", accepted))).Ok().Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("*/*", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    public async Task Programs_get_json_and_people_a_page(string accept, string mediaType) =>
        Assert.Equal(mediaType, (await _platform.Get("", $"/C/{_line.Codes[0]}", ("Accept", accept))).Ok().MediaType);

    [Fact(Timeout = 30_000)]
    public async Task The_typing_form_works_without_script()
    {
        string code = _line.Codes[0];
        Reply reply = await _platform.Get("", $"/C?code={Uri.EscapeDataString(CertificateCode.Parse(code).Grouped.ToLowerInvariant())}&lang=en");
        Assert.Equal(302, reply.Status);
        Assert.Equal($"/C/{code}?lang=en", reply.Header("Location"));
        Assert.Contains("&lt;img", (await _platform.Get("", "/C?code=" + Uri.EscapeDataString("<img src=x>"))).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("<form action=\"/C\" method=\"get\">", (await _platform.Get("", "/")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_digital_link_leads_to_the_same_page_and_a_wrong_product_number_is_suspicious()
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync(digitalLink: true);
        var line = new LineUnderTest(platform, "line-1");
        await line.Lease(1);
        string code = line.Codes[0];
        line.Print(code).Note(JournalKind.Verified, code);
        (await line.Send()).Ok();
        Assert.Contains("合格证有效", (await platform.Get("", $"/01/06901234567892/21/{code}")).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("合格证有效", (await platform.Get("", $"/C/{code}")).Ok().Text, StringComparison.Ordinal);
        string wrong = (await platform.Get("", $"/01/06901234500028/21/{code}")).Ok(404).Text;
        Assert.Contains("编码与商品不符", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("难燃细木工板", wrong, StringComparison.Ordinal);
    }

    private async Task NotActivated(string code)
    {
        string page = (await _platform.Get("", $"/C/{code}")).Ok().Text;
        Assert.Contains("尚未激活，请勿购买", page, StringComparison.Ordinal);
        Assert.DoesNotContain("难燃细木工板", page, StringComparison.Ordinal);
        JsonNode json = (await Json(code)).Ok().Json;
        Assert.Equal("not-activated", (string?)json["status"]);
        Assert.Null(json["certificate"]);
    }

    private async Task<string> Activated()
    {
        _line.Print(_line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]);
        (await _line.Send()).Ok();
        return _line.Codes[0];
    }

    private Task<Reply> Json(string code) => _platform.Get("", $"/C/{code}", ("Accept", "application/json"));
}
