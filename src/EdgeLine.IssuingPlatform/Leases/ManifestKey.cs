using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>
/// The P-256 key that lease manifests are signed with, kept in the data folder for the owner's eyes only. Its public
/// half lies beside it as <c>platform.pem</c>: lines are given that file by hand, not by the network they must not trust.
/// </summary>
internal sealed class ManifestKey : IDisposable
{
    private readonly ECDsa _key;

    private ManifestKey(ECDsa key)
    {
        _key = key;
        Id = SignedManifest.KeyIdOf(key);
        PublicPem = key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    /// <summary>Identity of the key, as manifests name it.</summary>
    public string Id { get; }

    /// <summary>The public half.</summary>
    public string PublicPem { get; }

    /// <summary>Reads the key of a data folder, or makes it the first time.</summary>
    public static ManifestKey Open(string folder)
    {
        string file = Path.Combine(folder, "manifest-key.pem");
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
        {
            ecdsa.ImportFromPem(File.ReadAllText(file));
        }
        else
        {
            SecretFile.Write(file, ecdsa.ExportPkcs8PrivateKeyPem() + "\n");
        }

        var key = new ManifestKey(ecdsa);
        File.WriteAllText(Path.Combine(folder, "platform.pem"), key.PublicPem);
        return key;
    }

    /// <summary>Signs a manifest.</summary>
    public string Sign(LeaseManifest manifest) => SignedManifest.Sign(manifest, _key, Id);

    /// <summary>Signs the receipt of an enrolment.</summary>
    public string Sign(EnrolmentReceipt receipt) => SignedManifest.Sign(receipt, _key, Id);

    /// <summary>Reads a manifest that this platform signed once.</summary>
    /// <exception cref="ManifestRefusedException">Not signed by this key.</exception>
    public LeaseManifest Verify(string manifest) => SignedManifest.Verify(manifest, _key);

    /// <summary>Reads a receipt that this platform signed once.</summary>
    /// <exception cref="ManifestRefusedException">Not signed by this key.</exception>
    public EnrolmentReceipt VerifyReceipt(string receipt) => SignedManifest.VerifyReceipt(receipt, _key);

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}
