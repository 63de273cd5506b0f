using System.Net;
using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// A triggered fixed-mount reader in the manner of the Keyence SR series: a TCP server that sends exactly one frame for
/// each trigger, ended by CR: the text read, several joined by a comma, or <c>ERROR</c>. Frames that nobody hears are lost.
/// </summary>
internal sealed class VirtualScanner : IAsyncDisposable
{
    private readonly Dictionary<Outlet, List<byte>> _commands = [];
    private readonly Lock _lock = new();
    private TcpPort? _port;

    /// <summary>Frames sent since the start.</summary>
    public long Frames { get; private set; }

    /// <summary>A reader that hangs: no frames, no answers, connections stay.</summary>
    public bool Hangs { get; set; }

    /// <summary>Opens the port that hosts connect to; port 0 takes a free one.</summary>
    public TcpPort Listen(IPEndPoint at) => _port = TcpPort.Listen(at, ReceiveAsync, Forget);

    /// <summary>The photo-eye fired: one frame goes out.</summary>
    public void Read(IReadOnlyList<string> symbols)
    {
        if (!Hangs)
        {
            Frames++;
            _port?.WriteToAll(Encoding.ASCII.GetBytes(symbols.Count == 0 ? "ERROR\r" : string.Join(',', symbols) + '\r'));
        }
    }

    /// <summary>Cuts all connections, as a pulled cable or a restart does.</summary>
    public void Cut() => _port?.Cut(off: false);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _port?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        List<byte>? command;
        lock (_lock)
        {
            if (!_commands.TryGetValue(answer, out command))
            {
                _commands.Add(answer, command = []);
            }
        }

        foreach (byte b in bytes.Span)
        {
            switch (b)
            {
                case 0x1B or 0x02:
                    command.Clear();
                    break;
                case (byte)'\r' or 0x03:
                    Obey(Encoding.ASCII.GetString([.. command]), answer);
                    command.Clear();
                    break;
                case (byte)'\n':
                    break;
                default:
                    command.Add(b);
                    break;
            }

            if (command.Count > 64)
            {
                command.Clear();
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Obey(string command, Outlet answer)
    {
        if (!Hangs && command.Length > 0)
        {
            string reply = command == "KEYENCE" ? "OK,KEYENCE,SR-1000,1.0\r" : $"ER,{command.Split(',')[0]},00\r";
            answer.Write(Encoding.ASCII.GetBytes(reply));
        }
    }

    private void Forget(Outlet host)
    {
        lock (_lock)
        {
            _commands.Remove(host);
        }
    }
}
