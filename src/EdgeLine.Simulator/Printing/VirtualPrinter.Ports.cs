using System.Net;
using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Printing;

/// <content>The sockets of the printer, and who may speak on them.</content>
internal sealed partial class VirtualPrinter
{
    /// <summary>A connection to the port for one computer is given up for another one when it was silent for longer.</summary>
    public static readonly TimeSpan EvictAfter = TimeSpan.FromSeconds(180);

    private const int StatusHosts = 8;

    /// <summary>Opens a TCP port for hosts; port 0 takes a free one.</summary>
    public TcpPort Listen(IPEndPoint at)
    {
        var port = TcpPort.Listen(at, ReceiveAsync, Leave, receiveBuffer: 64 * 1024, Admit);
        _turns.Drop += port.Drop;
        _ports.Add(port);
        return port;
    }

    /// <summary>
    /// Opens the port that takes a single connection: a second one is refused, unless the first was silent for
    /// <paramref name="evictAfter"/> (ip.port_single_conn, 180 s). Port 0 takes a free one.
    /// </summary>
    public TcpPort ListenAlone(IPEndPoint at, TimeSpan evictAfter)
    {
        var turns = new HostTurns(_floor, oneAtATime: false, evictAfter);
        var port = TcpPort.Listen(
            at,
            (bytes, host, stop) =>
            {
                Do(() => turns.MaySpeak(host));
                return ReceiveAsync(bytes, host, stop);
            },
            host =>
            {
                Do(() => turns.Leave(host));
                Leave(host);
            },
            receiveBuffer: 64 * 1024,
            host => Do(() => turns.Admit(host)));
        turns.Drop = port.Drop;
        _ports.Add(port);
        return port;
    }

    /// <summary>
    /// Opens the port that answers JSON objects, also while a label is printed, to eight hosts at once; port 0 takes a free
    /// one. Source: ZPL Programming Guide, "up to eight connections".
    /// </summary>
    public TcpPort ListenForStatus(IPEndPoint at)
    {
        var turns = new HostTurns(_floor, oneAtATime: false, hostsMax: StatusHosts);
        var port = TcpPort.Listen(
            at, AnswerStatusAsync, host => Do(() => turns.Leave(host)), receiveBuffer: null, host => Do(() => turns.Admit(host)));
        _ports.Add(port);
        return port;
    }

    /// <summary>Opens a serial line for a host; with <paramref name="baud"/> no faster than such a wire.</summary>
    public PtyPort OpenSerial(string? alias = null, int? baud = null)
    {
        PtyPort port = PtyPort.Open(ReceiveSerialAsync, alias, baud);
        _ports.Add(port);
        return port;
    }

    private bool Admit(Outlet host) => Do(() => _turns.Admit(host));

    private void Leave(Outlet host) => Do(() =>
    {
        _turns.Leave(host);
        MakeRoom(); // another host may have waited for its turn
    });

    private void CloseSilent(TimeSpan limit) => _turns.CloseSilent(limit);

    // On a serial line there is no window to close: at three quarters of the buffer XOFF goes out, and XON when there is
    // room again. Source: Printronix documents 25 % free; Zebra names the protocol and no figure.
    private async ValueTask ReceiveSerialAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        int piece = Math.Max(_traits.BufferBytes / 16, 1);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(piece, bytes.Length)..])
        {
            await ReceiveAsync(bytes[..Math.Min(piece, bytes.Length)], answer, stop);
            Do(() =>
            {
                if (_traits.XonXoff && !_heldBack && Room < _traits.BufferBytes / 4)
                {
                    _heldBack = true;
                    answer.Write([0x13]);
                }

                _line = answer;
            });
        }
    }

    private ValueTask AnswerStatusAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        lock (_floor.Moment)
        {
            Heard?.Invoke(bytes);
            StatusQuestions++;
            answer.Write(Encoding.ASCII.GetBytes(_variables.TakeJson(bytes.Span)));
        }

        return ValueTask.CompletedTask;
    }
}
