using System.Buffers;
using System.Net;
using System.Net.Sockets;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>A broker on a loopback socket that does nothing by itself: the test says each packet.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<BrokerSide> _sides = [];

    public ScriptedBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public MqttConnectOptions Options => new() { Host = "127.0.0.1", Port = Port, ClientId = "under-test" };

    public async Task<BrokerSide> AcceptAsync()
    {
        Socket socket = await _listener.AcceptSocketAsync();
        socket.NoDelay = true;
        var side = new BrokerSide(socket);
        _sides.Add(side);
        return side;
    }

    /// <summary>Accepts a client and answers its CONNECT.</summary>
    public async Task<BrokerSide> WelcomeAsync(bool sessionPresent = false, params Property[] granted)
    {
        BrokerSide side = await AcceptAsync();
        side.Connect = await side.ExpectAsync<ConnectPacket>();
        await side.SendAsync(new ConnAckPacket(sessionPresent, MqttReasonCode.Success, new PropertyList(granted)));
        return side;
    }

    /// <summary>A connection and the broker's side of it.</summary>
    public async Task<(MqttConnection Client, BrokerSide Broker)> PairAsync(
        TimeProvider clock, Func<MqttConnectOptions, MqttConnectOptions>? with = null, params Property[] granted)
    {
        MqttConnectOptions options = with is null ? Options : with(Options);
        Task<MqttConnection> opening = MqttConnection.OpenAsync(options, clock, CancellationToken.None);
        BrokerSide side = await WelcomeAsync(granted: granted);
        return (await opening, side);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (BrokerSide side in _sides)
        {
            await side.DisposeAsync();
        }
    }
}

/// <summary>One accepted connection, seen from the broker.</summary>
internal sealed class BrokerSide(Socket socket) : IAsyncDisposable
{
    private readonly PacketStream _packets = new(new NetworkStream(socket, ownsSocket: true), 1 << 20);

    // A test may speak while the broker answers.
    private readonly SemaphoreSlim _oneWriter = new(1);

    public ConnectPacket Connect { get; set; } = new() { ClientId = "" };

    /// <summary>The next packet, which must be of this type.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : MqttPacket
        => Assert.IsType<T>(await _packets.ReadAsync(CancellationToken.None));

    /// <summary>The next packet, or null when the client hung up.</summary>
    public async Task<MqttPacket?> ReadAsync()
    {
        try
        {
            return await _packets.ReadAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task SendAsync(params MqttPacket[] packets)
    {
        await _oneWriter.WaitAsync();
        try
        {
            foreach (MqttPacket packet in packets)
            {
                _packets.Write(packet);
            }

            await _packets.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public async Task SendRawAsync(params byte[] bytes)
    {
        _packets.Write(bytes);
        await _packets.FlushAsync(CancellationToken.None);
    }

    /// <summary>Sends a packet byte by byte, each in a segment of its own.</summary>
    public async Task DripAsync(MqttPacket packet)
    {
        var bytes = new ArrayBufferWriter<byte>();
        PacketEncoder.Encode(packet, bytes);
        foreach (byte one in bytes.WrittenSpan.ToArray())
        {
            await SendRawAsync(one);
        }
    }

    public Task AckAsync(ushort packetId, MqttReasonCode reason = MqttReasonCode.Success) =>
        SendAsync(new PubAckPacket(packetId, reason, PropertyList.Empty));

    /// <summary>Hangs up without a word.</summary>
    public void HangUp() => socket.Close();

    public async ValueTask DisposeAsync()
    {
        await _packets.DisposeAsync();
        _oneWriter.Dispose();
    }
}
