using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeLine.Mqtt;

/// <summary>
/// Makes the stream under a connection: TCP without delay, and TLS when asked for. Name, address and certificates are
/// looked up anew each time.
/// </summary>
internal static class MqttTransport
{
    /// <exception cref="MqttConnectionException">Nobody answers there, or the certificate is not accepted.</exception>
    public static async Task<Stream> OpenAsync(MqttConnectOptions options, CancellationToken cancellationToken)
    {
        NetworkStream tcp = await TcpAsync(options, cancellationToken);
        if (options.Tls is not { } tls)
        {
            return tcp;
        }

        string name = tls.TargetHost ?? options.Host;
        SslClientAuthenticationOptions settings;
        try
        {
            settings = Settings(tls, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await tcp.DisposeAsync();
            throw new MqttConnectionException($"CA file {tls.CaFile} cannot be used: {e.Message}", e) { TlsFailed = true };
        }

        var secure = new SslStream(tcp, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(settings, cancellationToken);
            return secure;
        }
        catch (AuthenticationException e)
        {
            await secure.DisposeAsync();
            throw new MqttConnectionException(
                $"TLS with {options.Host}:{options.Port} refused: {e.Message} "
                + $"Expected a certificate for '{name}' issued under {tls.CaFile ?? "a root of this computer"}.",
                e)
            { TlsFailed = true };
        }
        catch (IOException e)
        {
            await secure.DisposeAsync();
            throw new MqttConnectionException(
                $"{options.Host}:{options.Port} ended the TLS handshake: {e.Message} Is this the TLS port?", e)
            { TlsFailed = true };
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private static async Task<NetworkStream> TcpAsync(MqttConnectOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(options.Host, options.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new MqttConnectionException(
                $"No broker at {options.Host}:{options.Port}: {e.Message}.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Settings(MqttTlsOptions tls, string name)
    {
        var settings = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (tls.CaFile is not { } caFile)
        {
            return settings;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,

            // A plant's own authority has no revocation service that a line PC could reach.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        if (policy.CustomTrustStore.Count == 0)
        {
            throw new CryptographicException("it holds no PEM certificate.");
        }

        settings.CertificateChainPolicy = policy;
        return settings;
    }
}
