using System.Net;
using System.Net.Sockets;

namespace EdgeLine.Simulator.Demo;

/// <summary>Ports of this machine that nobody listens on at the moment of asking.</summary>
internal static class FreePort
{
    /// <summary>Takes several at once, so that they differ.</summary>
    public static int[] Take(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Stop();
        }

        return ports;
    }
}
