using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;

namespace EdgeLine.Service.Line;

/// <summary>What a manifest puts on every label of its run.</summary>
public static class LabelFields
{
    /// <summary>A code as long as any other: decides the size of the symbol.</summary>
    public static CertificateCode SampleCode { get; } = CertificateCode.Parse("T0123456789ABCD" + CertificateCode.CheckCharacterOf("T0123456789ABCD"));

    /// <summary>Values by the field names of the templates.</summary>
    public static IReadOnlyDictionary<string, string> Of(LeaseManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new Dictionary<string, string>
        {
            [LabelField.BatchNumber] = manifest.BatchNumber,
            [LabelField.ProductName] = manifest.Product,
            [LabelField.ProductSpecification] = manifest.Specification,
            [LabelField.ProductStandard] = manifest.Standard,
            [LabelField.ProducerName] = manifest.Producer,
            [LabelField.ReportNumber] = manifest.ReportNumber,
        };
    }
}
