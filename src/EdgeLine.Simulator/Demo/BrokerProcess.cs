using System.Net.Sockets;

namespace EdgeLine.Simulator.Demo;

/// <summary>mosquitto as a real process with a configuration of its own, on this machine only, nothing kept on disk.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private BrokerProcess(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Port on the loopback address.</summary>
    public int Port { get; }

    /// <summary>Starts it; null when mosquitto is not installed.</summary>
    public static async Task<BrokerProcess?> StartAsync(DemoOptions options, CancellationToken stop)
    {
        if (options.NoBroker || Programs.OnThisMachine("mosquitto") is not string program)
        {
            return null;
        }

        int port = FreePort.Take(1)[0];
        string file = Path.Combine(options.Folder, "mosquitto.conf");
        await File.WriteAllTextAsync(file, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n", stop);
        string log = Path.Combine(options.Folder, "log", "mosquitto.log");
        ChildProcess process = ChildProcess.Start((program, []), ["-c", file], log);
        await Patience.UntilAsync(() => AnswersAsync(port, stop), process.Exited, $"mosquitto, see {log}", stop);
        return new BrokerProcess(process, port);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> AnswersAsync(int port, CancellationToken stop)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync("127.0.0.1", port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
