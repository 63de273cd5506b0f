using System.Buffers;
using System.IO.Pipelines;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>Packets in and out of a stream of bytes, one reader and one writer at a time.</summary>
internal sealed class PacketStream(Stream stream, uint maximumPacketSize) : IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions _readerStays = new(leaveOpen: true);
    private static readonly StreamPipeWriterOptions _writerStays = new(leaveOpen: true);

    private readonly PipeReader _reader = PipeReader.Create(stream, _readerStays);
    private readonly PipeWriter _writer = PipeWriter.Create(stream, _writerStays);

    /// <summary>The next packet, or null when the other end closed the stream.</summary>
    public async ValueTask<MqttPacket?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await _reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> rest = result.Buffer;
            MqttPacket? packet = PacketDecoder.TryDecode(ref rest, maximumPacketSize);
            if (packet is not null)
            {
                _reader.AdvanceTo(rest.Start);
                return packet;
            }

            _reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>Writes encoded bytes into the buffer that <see cref="FlushAsync"/> sends.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _writer.Write(bytes);

    /// <summary>Encodes a packet into the buffer that <see cref="FlushAsync"/> sends.</summary>
    public void Write(MqttPacket packet) => PacketEncoder.Encode(packet, _writer);

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) =>
        await _writer.FlushAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        await stream.DisposeAsync();
    }
}
