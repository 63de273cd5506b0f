using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeLine.Contracts;

/// <summary>
/// A lease manifest as a JWS in compact form, ES256 (RFC 7515, RFC 7518 3.4): the signature covers the exact bytes, so
/// nobody has to agree on how JSON is written.
/// </summary>
public static class SignedManifest
{
    /// <summary>Media type of the compact form.</summary>
    public const string MediaType = "application/jose";

    private const int MaxLength = 16 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Signs a manifest with a P-256 key.</summary>
    public static string Sign(LeaseManifest manifest, ECDsa key, string keyId) => SignDocument(manifest, key, keyId);

    /// <summary>Signs the receipt of an enrolment in the same way. No document can pass for another: their members differ.</summary>
    public static string Sign(EnrolmentReceipt receipt, ECDsa key, string keyId) => SignDocument(receipt, key, keyId);

    private static string SignDocument<T>(T document, ECDsa key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(key);
        string head = Encode(JsonSerializer.SerializeToUtf8Bytes(new Header("ES256", keyId), Json));
        string body = Encode(JsonSerializer.SerializeToUtf8Bytes(document, Json));
        byte[] signature = key.SignData(
            Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{head}.{body}.{Encode(signature)}";
    }

    /// <summary>Checks the signature over the exact bytes, then reads the manifest.</summary>
    /// <exception cref="ManifestRefusedException">Not signed by this key, not ES256, or not a manifest.</exception>
    public static LeaseManifest Verify(string compact, ECDsa key) => VerifyDocument<LeaseManifest>(compact, key);

    /// <summary>The same for the receipt of an enrolment.</summary>
    /// <exception cref="ManifestRefusedException">Not signed by this key, not ES256, or no receipt.</exception>
    public static EnrolmentReceipt VerifyReceipt(string compact, ECDsa key) => VerifyDocument<EnrolmentReceipt>(compact, key);

    private static T VerifyDocument<T>(string compact, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(compact);
        ArgumentNullException.ThrowIfNull(key);
        string[] parts = compact.Length <= MaxLength ? compact.Split('.') : [];
        if (parts.Length != 3 || parts[2].Length == 0)
        {
            throw new ManifestRefusedException("manifest-unsigned", "The manifest carries no signature.");
        }

        try
        {
            Header? header = JsonSerializer.Deserialize<Header>(Base64Url.DecodeFromChars(parts[0]), Json);
            // The algorithm is fixed: a document must not choose how it is checked.
            if (header?.Alg != "ES256")
            {
                throw new ManifestRefusedException("manifest-unsigned", $"The manifest is signed with '{header?.Alg}', only ES256 is taken.");
            }

            bool good = key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return good
                ? JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(parts[1]), Json) ?? throw new JsonException("It is empty.")
                : throw new ManifestRefusedException("manifest-tampered", "The signature does not fit the manifest and the platform's key.");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new ManifestRefusedException("manifest-tampered", $"The manifest cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a manifest whose signature was checked when it was stored.</summary>
    public static LeaseManifest ReadTrusted(string compact)
    {
        ArgumentNullException.ThrowIfNull(compact);
        return JsonSerializer.Deserialize<LeaseManifest>(Base64Url.DecodeFromChars(compact.Split('.')[1]), Json)!;
    }

    /// <summary>Identity of a public key: first 8 bytes of SHA-256 of its SubjectPublicKeyInfo, in hex.</summary>
    public static string KeyIdOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private sealed record Header(string Alg, string Kid);
}
