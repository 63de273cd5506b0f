using System.Security.Cryptography;

namespace EdgeLine.Contracts;

/// <summary>The public key of the platform, which lease manifests are checked with.</summary>
public static class PlatformKey
{
    /// <summary>Reads a key on P-256; whoever asked for it disposes of it.</summary>
    /// <exception cref="CryptographicException">Not a key on this curve.</exception>
    /// <exception cref="ArgumentException">No key in PEM form.</exception>
    public static ECDsa FromPem(string pem)
    {
        ECDsa key = OperatingSystem.IsWindows() ? new BCryptP256() : ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? key : throw new CryptographicException($"The key has {key.KeySize} bits, not 256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
