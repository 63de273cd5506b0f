namespace EdgeLine.Simulator.Ports;

/// <summary>
/// The way back to one host: bytes written here reach it in order. Writing never blocks the shop floor; what the host
/// does not take yet waits in memory.
/// </summary>
internal abstract class Outlet
{
    /// <summary>Sends bytes to the host; silently nowhere when the host is gone, as a cable would.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>What a device does with the bytes of a host. The next bytes are read only after it returns: back-pressure.</summary>
internal delegate ValueTask BytesArrived(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop);

/// <summary>
/// A socket of a virtual device: TCP port or serial line. Knows who is connected and can write to all of them.
/// </summary>
internal abstract class DevicePort : IAsyncDisposable
{
    /// <summary>How a host reaches this port: <c>tcp://127.0.0.1:9100</c> or <c>serial:/dev/pts/4</c>.</summary>
    public abstract string Link { get; }

    /// <summary>Writes to every connected host.</summary>
    public abstract void WriteToAll(ReadOnlySpan<byte> bytes);

    /// <summary>Cuts every connection; with <paramref name="off"/> nobody can connect until <see cref="SwitchOn"/>.</summary>
    public abstract void Cut(bool off);

    /// <summary>Lets hosts connect again.</summary>
    public abstract void SwitchOn();

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
