using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>One text that a scanner read, as far as its shape tells, and what the ledger's file knows if it was asked.</summary>
public sealed record SeenText(ReadKind Shape, CertificateCode Code, KnownFact? Fetched, bool WasRejected = false);

/// <summary>An answer of the ledger's file; <see cref="Known"/> is null when it has never had the code.</summary>
public sealed record KnownFact(Ledger.KnownCode? Known);

/// <summary>
/// Tells our labels from everything else in view: a text is ours when it has the URL shape of one of this line's
/// leases. An EAN or a supplier's QR is another symbol, not a foreign code.
/// </summary>
public sealed class LabelTexts
{
    private IReadOnlyList<CodeCarrier> _carriers = [];

    /// <summary>Sets the URL shapes of this line.</summary>
    public void Use(IEnumerable<string> urlTemplates) => _carriers = [.. urlTemplates.Distinct().Select(CodeCarrier.FromTemplate)];

    /// <summary>Reads one text.</summary>
    public SeenText Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (CodeCarrier carrier in _carriers)
        {
            if (carrier.TryRead(text, out CertificateCode code))
            {
                return new SeenText(code.IsTest ? ReadKind.Test : ReadKind.Known, code, null);
            }
        }

        // A card for scanner checks carries a bare test code: it must be known before the first lease brings a URL.
        return CertificateCode.TryParseExact(text, out CertificateCode card) && card.IsTest
            ? new SeenText(ReadKind.Test, card, null)
            : new SeenText(ReadKind.Other, default, null);
    }
}
