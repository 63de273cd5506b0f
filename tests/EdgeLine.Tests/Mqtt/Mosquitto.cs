using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeLine.Tests.Mqtt;

/// <summary>
/// A real mosquitto on a free port, with its own folder. It must be installed: a test that needs it fails without it.
/// </summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-mosquitto-").FullName;
    private readonly string _config;
    private Process? _process;

    private Mosquitto(int port, IEnumerable<string> lines)
    {
        Port = port;
        _config = Path.Combine(_folder, "mosquitto.conf");

        // Started as root, mosquitto would give up its rights and could not read this folder.
        File.WriteAllLines(_config, [$"listener {port} 127.0.0.1", "user root", .. lines]);
    }

    public int Port { get; }

    public Uri Uri => new($"mqtt://127.0.0.1:{Port}");

    public static async Task<Mosquitto> StartAsync(params string[] lines) => await StartAsync(_ => lines);

    /// <summary>Starts with configuration lines that may name files in the broker's folder.</summary>
    public static async Task<Mosquitto> StartAsync(Func<string, IEnumerable<string>> lines)
    {
        Assert.True(File.Exists(Program), $"{Program} is missing: apt-get install mosquitto mosquitto-clients");
        string folder = Directory.CreateTempSubdirectory("edgeline-mosquitto-files-").FullName;
        var broker = new Mosquitto(FreePort(), lines(folder)) { Files = folder };
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Folder of certificates, passwords and the broker's database.</summary>
    public required string Files { get; init; }

    public async Task StartAgainAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", _config])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string complaints = "";
        _process.ErrorDataReceived += (_, line) => complaints += line.Data + "\n";
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Reporting.Waiting.Until(() => _process.HasExited ? throw new InvalidOperationException(complaints) : Listens());
    }

    /// <summary>Kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>An orderly stop, after which a database, if one is configured, is on disk.</summary>
    public async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>What mosquitto_sub prints for so many messages: topic, retain flag, payload.</summary>
    public async Task<string[]> SubscribeLateAsync(string filter, int messages)
    {
        string[] arguments =
        [
            "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-V", "5", "-q", "1", "-t", filter,
            "-C", messages.ToString(CultureInfo.InvariantCulture), "-W", "5", "-F", "%t %r %p",
        ];
        using Process sub = Process.Start(
            new ProcessStartInfo("mosquitto_sub", arguments) { RedirectStandardOutput = true })!;
        string output = await sub.StandardOutput.ReadToEndAsync();
        await sub.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(Files, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool Listens()
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A certificate authority made for one test, and the certificates it issues.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=EdgeLine test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddDays(-400), now.AddDays(30));
    }

    public string WriteRoot(string folder, string name = "ca.pem") => Write(folder, name, _root.ExportCertificatePem());

    /// <summary>Writes <c>server.pem</c> and <c>server.key</c> for a name.</summary>
    public void WriteServer(string folder, string dnsName, int validDays = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset end = now.AddDays(validDays);
        using X509Certificate2 certificate = request.Create(_root, end.AddDays(-100), end, [1, 2, 3, 4, 5, 6, 7, 8]);
        Write(folder, "server.pem", certificate.ExportCertificatePem());
        Write(folder, "server.key", key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _root.Dispose();

    private static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
