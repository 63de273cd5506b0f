using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>
/// Which fields a certificate needs, always and by kind of product, and which values they may have. The rules are data:
/// a new kind of product is one more row.
/// </summary>
internal static class CertificateFields
{
    /// <summary>Longest text of a field in characters.</summary>
    public const int MaxText = 200;

    /// <summary>Largest batch.</summary>
    public const long MaxQuantity = 10_000_000;

    private static readonly Dictionary<string, string[]> FurtherFields = new(StringComparer.Ordinal)
    {
        ["wood-based-panel"] = [],
        ["school-uniform"] = ["safetyClass"],
        ["cable"] = ["warning"],
        ["adhesive"] = ["expiryDate", "warning"],
        ["other"] = [],
    };

    /// <summary>Names of the fields that are missing, as JSON members.</summary>
    public static IReadOnlyList<string> Missing(BatchContent batch)
    {
        (string Name, bool Present)[] fields =
        [
            ("number", Has(batch.Number)),
            ("product", Has(batch.Product)),
            ("model", Has(batch.Model)),
            ("specification", Has(batch.Specification)),
            ("standard", Has(batch.Standard)),
            ("category", Has(batch.Category)),
            ("unitOfSale", Has(batch.UnitOfSale)),
            ("quantity", batch.Quantity is not null),
            ("productionDate", batch.ProductionDate is not null),
            ("producer.name", Has(batch.Producer?.Name)),
            ("producer.address", Has(batch.Producer?.Address)),
            ("producer.contact", Has(batch.Producer?.Contact)),
            ("insurance.insurer", batch.Insurance is null || Has(batch.Insurance.Insurer)),
            ("insurance.policy", batch.Insurance is null || Has(batch.Insurance.Policy)),
            ("insurance.from", batch.Insurance is null || batch.Insurance.From is not null),
            ("insurance.to", batch.Insurance is null || batch.Insurance.To is not null),
            ("insurance.phone", batch.Insurance is null || Has(batch.Insurance.Phone)),
            ("expiryDate", !Needs(batch, "expiryDate") || batch.ExpiryDate is not null),
            ("safetyClass", !Needs(batch, "safetyClass") || Has(batch.SafetyClass)),
            ("warning", !Needs(batch, "warning") || Has(batch.Warning)),
        ];
        return [.. fields.Where(f => !f.Present).Select(f => f.Name)];
    }

    /// <summary>The 422 answer for missing fields, or null when the certificate is complete.</summary>
    public static Problem? Incomplete(BatchContent batch) => Missing(batch) is { Count: > 0 } missing
        ? new Problem(422, ProblemTypes.CertificateIncomplete, "The certificate is not complete",
            $"Fill in first: {string.Join(", ", missing)}.").With("missing", missing)
        : null;

    /// <summary>Faults of the values that are there.</summary>
    public static IReadOnlyList<Fault> Faults(BatchContent batch)
    {
        var faults = new List<Fault>();
        Text(faults, "/number", batch.Number);
        Text(faults, "/product", batch.Product);
        Text(faults, "/model", batch.Model);
        Text(faults, "/specification", batch.Specification);
        Text(faults, "/standard", batch.Standard);
        Text(faults, "/unitOfSale", batch.UnitOfSale);
        Text(faults, "/safetyClass", batch.SafetyClass);
        Text(faults, "/warning", batch.Warning);
        Text(faults, "/producer/name", batch.Producer?.Name);
        Text(faults, "/producer/address", batch.Producer?.Address);
        Text(faults, "/producer/contact", batch.Producer?.Contact);
        Text(faults, "/insurance/insurer", batch.Insurance?.Insurer);
        Text(faults, "/insurance/policy", batch.Insurance?.Policy);
        Text(faults, "/insurance/phone", batch.Insurance?.Phone);
        Check(faults, "/number", Has(batch.Number), "A batch needs its number from the start.");
        Check(faults, "/quantity", batch.Quantity is null or (>= 1 and <= MaxQuantity), $"A batch has 1 to {MaxQuantity} units.");
        Check(faults, "/category", batch.Category is null || FurtherFields.ContainsKey(batch.Category),
            $"The category is one of: {string.Join(", ", FurtherFields.Keys)}.");
        Check(faults, "/gtin", batch.Gtin is null || CodeCarrier.IsGtin14(batch.Gtin), "A GTIN has 14 digits with a right check digit.");
        Check(faults, "/expiryDate", batch.ExpiryDate is null || batch.ExpiryDate > batch.ProductionDate,
            "The product must be good beyond its day of production.");
        Check(faults, "/insurance/to", batch.Insurance is null || batch.Insurance.To >= batch.Insurance.From
            || batch.Insurance.To is null || batch.Insurance.From is null, "The insurance ends before it begins.");
        return faults;
    }

    /// <summary>Adds a fault for a text that is too long or holds control characters.</summary>
    public static void Text(List<Fault> faults, string pointer, string? text)
    {
        Check(faults, pointer, text is null || text.Length <= MaxText, $"{pointer[1..]} has at most {MaxText} characters.");
        Check(faults, pointer, text is null || !text.Any(c => char.IsControl(c)), $"{pointer[1..]} must not hold control characters.");
        Check(faults, pointer, text is null || IsWellFormed(text), $"{pointer[1..]} is not well-formed Unicode.");
    }

    private static void Check(List<Fault> faults, string pointer, bool good, string detail)
    {
        if (!good)
        {
            faults.Add(new Fault(pointer, detail));
        }
    }

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Any(r => r == System.Text.Rune.ReplacementChar);

    private static bool Needs(BatchContent batch, string field) =>
        batch.Category is { } category && FurtherFields.TryGetValue(category, out string[]? further) && further.Contains(field);

    private static bool Has(string? text) => !string.IsNullOrWhiteSpace(text);
}
