namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>What a shopper is told about a code. Each has its own colour, sign and words.</summary>
internal enum CertificateStatus
{
    /// <summary>Not a code: a character is wrong. Answered without a look into the database.</summary>
    Mistyped,

    /// <summary>A label for trying out a line, never a certificate. Answered without a look into the database.</summary>
    Test,

    /// <summary>This platform never issued it.</summary>
    Unknown,

    /// <summary>Issued, but no line has read it back from a product.</summary>
    NotActivated,

    /// <summary>A good certificate.</summary>
    Active,

    /// <summary>The code belongs to another product than the address says.</summary>
    WrongProduct,

    /// <summary>The label was withdrawn.</summary>
    Withdrawn,

    /// <summary>The batch is suspended.</summary>
    Suspended,

    /// <summary>The product is past its date.</summary>
    PastDate,
}
