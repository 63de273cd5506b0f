using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>
/// A piece of HTML. It is written as an interpolated string whose holes are escaped by themselves, so that no value from
/// outside can become markup; only another <see cref="Html"/> goes in as it is.
/// </summary>
internal readonly record struct Html(string? Markup)
{
    // Chinese stays readable in the source of the page.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>Takes an interpolated string.</summary>
    public static Html Of(Template template) => new(template.ToString());

    /// <summary>Joins pieces.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(p => p.Markup)));

    /// <inheritdoc />
    public override string ToString() => Markup ?? "";

    /// <summary>Collects literals as they are and values escaped.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + formattedCount * 24);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Html html) => _text.Append(html.Markup);

        public void AppendFormatted(string? value) => _text.Append(Encoder.Encode(value ?? ""));

        /// <inheritdoc />
        public override string ToString() => _text.ToString();
    }
}
