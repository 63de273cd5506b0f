using System.Net;
using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// A handheld reader on a serial line or behind a serial server: sends what a person points it at, as a line or as SSI packets. It has
/// no no-read text.
/// </summary>
internal sealed class VirtualHandheld : IAsyncDisposable
{
    private readonly string _prefix;
    private readonly ReaderTraits _traits;
    private DevicePort? _port;

    /// <summary>Of a model; with <paramref name="aimPrefix"/> it sends <c>]Q1</c>, the AIM identifier of a QR symbol.</summary>
    public VirtualHandheld(bool aimPrefix = false, ReaderTraits? model = null)
    {
        _prefix = aimPrefix ? "]Q1" : "";
        _traits = model ?? ReaderTraits.Of("generic-serial-handheld");
        Packets = new SsiSender(bytes => _port?.WriteToAll(bytes), TimeProvider.System);
    }

    /// <summary>The packets of an SSI model, with what may go wrong with them.</summary>
    public SsiSender Packets { get; }

    /// <summary>Opens a TCP port for the host; port 0 takes a free one.</summary>
    public DevicePort Listen(IPEndPoint at) => _port = TcpPort.Listen(at, ReceiveAsync);

    /// <summary>Opens a serial line for the host.</summary>
    public DevicePort OpenSerial(string? alias = null) => _port = PtyPort.Open(ReceiveAsync, alias);

    /// <summary>A person scans a symbol.</summary>
    public void Scan(string symbol)
    {
        byte[] text = Encoding.Latin1.GetBytes(_prefix + symbol);
        if (_traits.Ssi)
        {
            Packets.Send(text);
        }
        else
        {
            _port?.WriteToAll([.. text, .. Encoding.Latin1.GetBytes(_traits.End)]);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Packets.Dispose();
        return _port?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        if (_traits.Ssi)
        {
            Packets.Receive(bytes.Span);
        }

        return ValueTask.CompletedTask;
    }
}
