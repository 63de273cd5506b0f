using System.Security.Cryptography;
using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>Identities of batches, reports, orders and leases: a word and twelve random characters.</summary>
internal static class Identity
{
    /// <summary>Draws one, such as <c>lease-7K2M9XR4TC8W</c>; 60 random bits under a unique column.</summary>
    public static string Draw(string word) => $"{word}-{RandomNumberGenerator.GetString(CertificateCode.Alphabet, 12)}";
}
