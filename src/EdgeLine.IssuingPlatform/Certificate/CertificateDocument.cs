namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>The certificate as JSON: the same facts as the page, for programs.</summary>
internal static class CertificateDocument
{
    public static object Of(CertificateView view, CertificateTexts texts) => new
    {
        view.Code,
        view.Status,
        headline = texts.Of(view.Status).Headline,
        advice = texts.Of(view.Status).Advice,
        view.Since,
        view.Reason,
        certificate = view.Batch is { } batch && view.Report is { } report
            ? new
            {
                batchNumber = batch.Number,
                batch.Product,
                batch.Model,
                batch.Specification,
                batch.Standard,
                batch.SafetyClass,
                batch.UnitOfSale,
                batch.ProductionDate,
                batch.ExpiryDate,
                batch.Warning,
                batch.Producer,
                report = new
                {
                    report.Content.Number,
                    report.Version,
                    report.Content.Laboratory,
                    report.Conclusion,
                    report.Content.Date,
                    report.State,
                    report.Content.FileSha256,
                },
                view.Insurance,
            }
            : null,
    };
}
