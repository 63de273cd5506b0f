namespace EdgeLine.Devices.Printing;

/// <summary>
/// The names that a template may use in <c>^FNn"name"</c>: the closed list of what can be on a label. The two code
/// fields are filled for each label, all others once for a run.
/// </summary>
public static class LabelField
{
    /// <summary>The text of the QR symbol.</summary>
    public const string CodeUrl = "code.url";

    /// <summary>The code in characters that a person can read and type.</summary>
    public const string CodeText = "code.text";

    /// <summary>Batch number.</summary>
    public const string BatchNumber = "batch.number";

    /// <summary>Product name.</summary>
    public const string ProductName = "product.name";

    /// <summary>Model or specification.</summary>
    public const string ProductSpecification = "product.specification";

    /// <summary>Executing standard.</summary>
    public const string ProductStandard = "product.standard";

    /// <summary>Producer.</summary>
    public const string ProducerName = "producer.name";

    /// <summary>Number of the laboratory report.</summary>
    public const string ReportNumber = "report.number";

    /// <summary>All names, the code fields first.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        CodeUrl, CodeText, BatchNumber, ProductName, ProductSpecification, ProductStandard, ProducerName, ReportNumber,
    ];
}
