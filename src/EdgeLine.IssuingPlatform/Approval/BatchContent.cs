namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>
/// What the producer says about a batch; together with the report it is the certificate. Every field may be missing in
/// a draft, none that <see cref="CertificateFields"/> asks for when it is submitted.
/// </summary>
internal sealed record BatchContent
{
    /// <summary>Batch number that people read; unique.</summary>
    public string? Number { get; init; }

    /// <summary>Product name.</summary>
    public string? Product { get; init; }

    /// <summary>Model.</summary>
    public string? Model { get; init; }

    /// <summary>Specification: size, grade, material.</summary>
    public string? Specification { get; init; }

    /// <summary>Executing standard, such as <c>GB/T 34722-2017</c>.</summary>
    public string? Standard { get; init; }

    /// <summary>Kind of product; decides which further fields are needed. See <see cref="CertificateFields"/>.</summary>
    public string? Category { get; init; }

    /// <summary>Smallest sales unit that carries one code, such as 张 or 套.</summary>
    public string? UnitOfSale { get; init; }

    /// <summary>Units in the batch; also the most codes that may ever be active at once.</summary>
    public long? Quantity { get; init; }

    /// <summary>Day of production.</summary>
    public DateOnly? ProductionDate { get; init; }

    /// <summary>Last day of safe use, for products of limited life.</summary>
    public DateOnly? ExpiryDate { get; init; }

    /// <summary>Safety class, for textiles.</summary>
    public string? SafetyClass { get; init; }

    /// <summary>Warning in Chinese, for products that can hurt when used wrongly.</summary>
    public string? Warning { get; init; }

    /// <summary>Who made it.</summary>
    public Producer? Producer { get; init; }

    /// <summary>Liability insurance, when there is one.</summary>
    public Insurance? Insurance { get; init; }

    /// <summary>GTIN with 14 digits; with it the label carries a GS1 Digital Link.</summary>
    public string? Gtin { get; init; }
}

/// <summary>The producer as the law wants it on a certificate.</summary>
internal sealed record Producer(string? Name = null, string? Address = null, string? Contact = null);

/// <summary>Product liability insurance.</summary>
internal sealed record Insurance(
    string? Insurer = null, string? Policy = null, DateOnly? From = null, DateOnly? To = null, string? Phone = null, bool PaysFirst = false);
