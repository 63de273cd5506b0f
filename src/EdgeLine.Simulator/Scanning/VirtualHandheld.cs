using System.Net;
using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// A handheld reader on a serial line or behind a serial server: sends what a person points it at, ended by CR. It has no
/// trigger, no no-read text and no answers.
/// </summary>
internal sealed class VirtualHandheld(bool aimPrefix = false) : IAsyncDisposable
{
    private DevicePort? _port;

    /// <summary>Opens a TCP port for the host; port 0 takes a free one.</summary>
    public DevicePort Listen(IPEndPoint at) => _port = TcpPort.Listen(at, Ignore);

    /// <summary>Opens a serial line for the host.</summary>
    public DevicePort OpenSerial(string? alias = null) => _port = PtyPort.Open(Ignore, alias);

    /// <summary>A person scans a symbol. <c>]Q1</c> is the AIM identifier of a QR symbol.</summary>
    public void Scan(string symbol) =>
        _port?.WriteToAll(Encoding.ASCII.GetBytes($"{(aimPrefix ? "]Q1" : "")}{symbol}\r"));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _port?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static ValueTask Ignore(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop) =>
        ValueTask.CompletedTask;
}
