using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace EdgeLine.Contracts;

/// <summary>
/// A public key on P-256 that checks signatures by the primitives of Windows (bcrypt.dll) alone. The framework's own ECDsa
/// goes through the key store (ncrypt.dll), which a public key does not need and Wine cannot import one into. Layout of the
/// key: bcrypt.h, BCRYPT_ECCKEY_BLOB.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class BCryptP256 : ECDsa
{
    private const string Library = "bcrypt";
    private const uint EcdsaPublicP256 = 0x31534345; // "ECS1"
    private const int CoordinateBytes = 32;

    private nint _algorithm, _key;

    /// <summary>Takes the public point of a key; a private half is not kept.</summary>
    public override void ImportParameters(ECParameters parameters)
    {
        parameters.Validate();
        if (!IsP256(parameters.Curve) || parameters.Q is not { X.Length: CoordinateBytes, Y.Length: CoordinateBytes })
        {
            throw new CryptographicException("The key is not a public key on P-256.");
        }

        byte[] blob = new byte[8 + (2 * CoordinateBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(blob, EcdsaPublicP256);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(4), CoordinateBytes);
        parameters.Q.X.CopyTo(blob, 8);
        parameters.Q.Y.CopyTo(blob, 8 + CoordinateBytes);
        Free();
        Must(BCryptOpenAlgorithmProvider(out _algorithm, "ECDSA_P256", null, 0));
        Must(BCryptImportKeyPair(_algorithm, 0, "ECCPUBLICBLOB", out _key, blob, blob.Length, 0));
        KeySizeValue = 256;
    }

    /// <summary>Whether the signature, r and s of 32 bytes each, fits the hash.</summary>
    public override bool VerifyHash(byte[] hash, byte[] signature)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(signature);
        if (_key == 0)
        {
            throw new CryptographicException("No key was read.");
        }

        // Whatever is wrong with a signature, out of range or unfit, it has one answer.
        return signature.Length == 2 * CoordinateBytes
            && BCryptVerifySignature(_key, 0, hash, hash.Length, signature, signature.Length, 0) == 0;
    }

    /// <summary>A public key signs nothing.</summary>
    public override byte[] SignHash(byte[] hash) => throw new NotSupportedException("A public key signs nothing.");

    protected override void Dispose(bool disposing)
    {
        Free();
        base.Dispose(disposing);
    }

    private static bool IsP256(ECCurve curve) =>
        curve.IsNamed && (curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value || curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256");

    private static void Must(uint status)
    {
        if (status != 0)
        {
            throw new CryptographicException($"bcrypt.dll answers 0x{status:X8}.");
        }
    }

    private void Free()
    {
        if (_key != 0)
        {
            _ = BCryptDestroyKey(_key);
            _key = 0;
        }

        if (_algorithm != 0)
        {
            _ = BCryptCloseAlgorithmProvider(_algorithm, 0);
            _algorithm = 0;
        }
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint BCryptOpenAlgorithmProvider(out nint algorithm, string name, string? provider, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint BCryptImportKeyPair(
        nint algorithm, nint importKey, string form, out nint key, byte[] blob, int length, uint flags);

    [LibraryImport(Library)]
    private static partial uint BCryptVerifySignature(
        nint key, nint padding, byte[] hash, int hashLength, byte[] signature, int signatureLength, uint flags);

    [LibraryImport(Library)]
    private static partial uint BCryptDestroyKey(nint key);

    [LibraryImport(Library)]
    private static partial uint BCryptCloseAlgorithmProvider(nint algorithm, uint flags);
}
