using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Approval;

namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>
/// The public page. Whole without JavaScript, made for a phone: status, product, producer, report and insurance are on
/// the first screen, and every state differs in colour, sign and words.
/// </summary>
internal static class CertificatePage
{
    private static readonly string Style = ReadStyle();

    /// <summary>Only our own style may apply; nothing else can load, run or frame the page.</summary>
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The page of a scanned code.</summary>
    public static string Of(CertificateView view, CertificateTexts texts)
    {
        StatusText status = texts.Of(view.Status);
        Html facts = view is { Batch: { } batch, Report: { } report } ? Facts(view, batch, report, texts) : Html.None;
        bool good = view.Status == CertificateStatus.Active;
        Html form = good ? Html.None : Form(texts, view.Status == CertificateStatus.Mistyped ? view.Code : "");
        Html limits = good ? Html.Of($"<p>{texts.Limits}</p>") : Html.None;
        return Document(texts, status, Html.Of($"{Band(status)}<main>{facts}{Notes(view, texts)}{form}</main>"), limits);
    }

    /// <summary>The page for typing a code.</summary>
    public static string Search(CertificateTexts texts, string typed) => Document(
        texts, new StatusText("plain", texts.Title, ""),
        Html.Of($"<header class=\"band plain\"><h1>{texts.Title}</h1></header><main>{Form(texts, typed)}</main>"), Html.None);

    private static string Document(CertificateTexts texts, StatusText status, Html body, Html limits) => Html.Of(
        $"""
        <!doctype html>
        <html lang="{(texts.Tag == "zh" ? "zh-CN" : "en")}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex, nofollow">
        <meta name="referrer" content="no-referrer">
        <title>{status.Headline} · {texts.Title}</title>
        <link rel="icon" href="data:,">
        <style>{new Html(Style)}</style>
        </head>
        <body class="{status.Tone}">
        <nav><span>{texts.Title}</span><a href="?lang={texts.OtherTag}" hreflang="{texts.OtherTag}">{texts.Other}</a></nav>
        {body}
        <footer>{limits}<p>{texts.Complaint} <a href="tel:12315">12315</a></p></footer>
        </body>
        </html>
        """).ToString();

    private static Html Band(StatusText status) => Html.Of(
        $"<header class=\"band {status.Tone}\">{Sign(status.Tone)}<div><h1>{status.Headline}</h1><p>{status.Advice}</p></div></header>");

    private static Html Facts(CertificateView view, BatchContent batch, Report report, CertificateTexts texts)
    {
        bool qualified = report.Conclusion == Report.Qualified;
        Html conclusion = Mark(qualified ? "yes" : "no", qualified ? texts.Qualified : texts.Unqualified);
        return Html.Of(
            $"""
            <section class="card">
            <h2>{batch.Product}</h2>
            <p class="under">{batch.Model} · {batch.Specification}</p>
            <dl>
            {Row(texts.Producer, Html.Of($"<b>{batch.Producer?.Name}</b><small>{batch.Producer?.Address}<br>{batch.Producer?.Contact}</small>"))}
            {Row(texts.Report, Html.Of($"<b>{report.Content.Number}</b><small>{report.Content.Laboratory}<br>{Day(report.Content.Date)}</small>"), conclusion)}
            {Insured(view.Insurance, texts)}
            {Row(texts.Standard, Html.Of($"<b>{batch.Standard}</b>"))}
            {Row(texts.Safety, batch.SafetyClass)}
            {Row(texts.Warning, batch.Warning)}
            {Row(texts.Batch, batch.Number)}
            {Row(texts.Made, Day(batch.ProductionDate))}
            {Row(texts.BestBefore, Day(batch.ExpiryDate))}
            {Row(texts.Unit, batch.UnitOfSale)}
            </dl>
            </section>
            """);
    }

    private static Html Insured(Insurance? insurance, CertificateTexts texts) => insurance is null
        ? Html.None
        : Row(
            texts.Insurance,
            Html.Of($"<b>{insurance.Insurer}</b><small>{insurance.Policy}<br>{texts.ValidTo} {Day(insurance.To)} · {Phone(insurance.Phone)}</small>"),
            insurance.PaysFirst ? Mark("yes", texts.PaysFirst) : Html.None);

    // A number that a phone can dial is a link; the rest is text.
    private static Html Phone(string? phone)
    {
        string digits = string.Concat((phone ?? "").Where(char.IsAsciiDigit));
        return digits.Length < 3 ? Html.Of($"{phone}") : Html.Of($"<a href=\"tel:{digits}\">{phone}</a>");
    }

    private static Html Mark(string kind, string word) => Html.Of($"<span class=\"mark {kind}\">{word}</span>");

    private static Html Notes(CertificateView view, CertificateTexts texts)
    {
        bool wellFormed = view.Status is not CertificateStatus.Mistyped;
        Html code = wellFormed
            ? Html.Of($"<section class=\"card code\"><h3>{texts.CodeOnLabel}</h3><p class=\"chars\">{Grouped(view.Code)}</p><p class=\"under\">{texts.CompareCode}</p></section>")
            : Html.None;
        Html why = view.Since is null && view.Reason is null
            ? Html.None
            : Html.Of($"<section class=\"card\"><dl>{Row(texts.Reason, view.Reason is { } r ? texts.OfReason(r) : null)}{Row(SinceWord(view, texts), Day(view.Since))}</dl></section>");
        // A warning is explained before anything else; a good certificate shows its code first.
        return view.Status == CertificateStatus.Active ? Html.Of($"{code}{why}") : Html.Of($"{why}{code}");
    }

    private static Html Form(CertificateTexts texts, string typed) => Html.Of(
        $"""
        <section class="card">
        <form action="/C" method="get">
        <label for="code">{texts.TypeCode}</label>
        {(typed.Length == 0 ? Html.None : Html.Of($"<p class=\"fault\">{texts.WhyMistyped(typed)}</p>"))}
        <div class="ask"><input id="code" name="code" value="{typed}" maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="text" required>
        <input type="hidden" name="lang" value="{texts.Tag}"><button>{texts.Check}</button></div>
        </form>
        </section>
        """);

    private static Html Row(string term, string? text) => string.IsNullOrEmpty(text) ? Html.None : Row(term, Html.Of($"{text}"));

    private static Html Row(string term, Html value, Html mark = default) => Html.Of($"<div><dt>{term}{mark}</dt><dd>{value}</dd></div>");

    private static string SinceWord(CertificateView view, CertificateTexts texts) =>
        view.Status == CertificateStatus.Active ? texts.ActivatedOn : texts.Since;

    private static string Grouped(string code) => CertificateCode.Parse(code).Grouped;

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    // Shapes differ, not only colours: a tick, a bar, an exclamation mark, a ring.
    private static Html Sign(string tone) => new("<svg class=\"sign\" viewBox=\"0 0 48 48\" aria-hidden=\"true\">" + (tone switch
    {
        "good" => "<circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"M14 25l7 7 13-15\"/>",
        "stop" => "<path d=\"M15 2h18l13 13v18L33 46H15L2 33V15z\"/><path d=\"M16 16l16 16M32 16L16 32\"/>",
        "warn" => "<path d=\"M24 3l22 41H2z\"/><path d=\"M24 18v12M24 36v1\"/>",
        _ => "<circle cx=\"24\" cy=\"24\" r=\"22\"/><path d=\"M15 24h18\"/>",
    }) + "</svg>");

    private static string ReadStyle()
    {
        using Stream stream = typeof(CertificatePage).Assembly.GetManifestResourceStream("certificate.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
