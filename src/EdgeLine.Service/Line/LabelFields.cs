using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;

namespace EdgeLine.Service.Line;

/// <summary>What a manifest puts on every label of its run.</summary>
public static class LabelFields
{
    /// <summary>A code as long as any other: decides the size of the symbol.</summary>
    public static CertificateCode SampleCode { get; } = CertificateCode.Parse("T0123456789ABCD" + CertificateCode.CheckCharacterOf("T0123456789ABCD"));

    /// <summary>Values for a label that belongs to no batch.</summary>
    public static IReadOnlyDictionary<string, string> Test { get; } =
        Of("TEST", "TEST LABEL", new LabelContent("no product", "no producer", "destroy after test", "no report", ""));

    /// <summary>Values by the field names of the templates.</summary>
    public static IReadOnlyDictionary<string, string> Of(LeaseManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return Of(manifest.BatchNumber, manifest.Product, new LabelContent(
            manifest.Specification, manifest.Producer, manifest.Standard, manifest.ReportNumber, manifest.UrlTemplate));
    }

    /// <summary>The same from the platform's list of orders, which is not signed: for showing only.</summary>
    public static IReadOnlyDictionary<string, string> Of(LineOrder order, LabelContent texts)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(texts);
        return Of(order.BatchNumber, order.Product, texts);
    }

    private static Dictionary<string, string> Of(string batchNumber, string product, LabelContent texts) => new()
    {
        [LabelField.BatchNumber] = batchNumber,
        [LabelField.ProductName] = product,
        [LabelField.ProductSpecification] = texts.Specification,
        [LabelField.ProductStandard] = texts.Standard,
        [LabelField.ProducerName] = texts.Producer,
        [LabelField.ReportNumber] = texts.ReportNumber,
    };
}
