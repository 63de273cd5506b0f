using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// A reader with two ports: commands and their answers on one, results on the other. Reading reads results, writing writes
/// commands; when either breaks, both are over.
/// </summary>
public sealed class PairedLink : DeviceLink
{
    private readonly DeviceLink _results;

    private PairedLink(DeviceLink commands, DeviceLink results) => (Commands, _results) = (commands, results);

    /// <summary>The connection for commands; its owner reads the answers here.</summary>
    public DeviceLink Commands { get; }

    /// <inheritdoc />
    public override string Address => $"{Commands.Address}, results on {_results.Address}";

    /// <summary>Connects both, or neither.</summary>
    public static async Task<PairedLink> ConnectAsync(
        LinkAddress.Tcp address, int resultsPort, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        DeviceLink commands = await TcpLink.ConnectAsync(new LinkAddress.Tcp(address.Host, address.Port), ConnectTimeout, time, ct);
        try
        {
            return new PairedLink(
                commands, await TcpLink.ConnectAsync(new LinkAddress.Tcp(address.Host, resultsPort), ConnectTimeout, time, ct));
        }
        catch
        {
            await commands.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public override ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct) => _results.ReadAsync(into, ct);

    /// <inheritdoc />
    public override ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct) =>
        Commands.WriteAsync(bytes, limit, ct);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await Commands.DisposeAsync();
        await _results.DisposeAsync();
    }
}
