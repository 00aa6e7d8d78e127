using System.Buffers;
using System.IO.Pipelines;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Streams.Connections;

/// <summary>MQTT 5.0 packets over a connection within the process, as clients send and receive them.</summary>
internal sealed class PacketPipe(IDuplexPipe pipe) : IAsyncDisposable
{
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Sends a packet.</summary>
    /// <exception cref="IOException">The connection is over.</exception>
    public async Task SendAsync(Packet packet)
    {
        await _sending.WaitAsync();
        try
        {
            var flushed = await pipe.Output.WriteAsync(PacketEncoder.Encode(packet, ProtocolVersion.V50));
            if (flushed.IsCompleted) throw new IOException("The connection is over.");
        }
        catch (InvalidOperationException exception)
        {
            throw new IOException("The connection is over.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next packet; null when the connection is over.</summary>
    /// <exception cref="InvalidDataException">What came is no packet.</exception>
    public async Task<Packet?> ReceiveAsync()
    {
        while (true)
        {
            var result = await pipe.Input.ReadAsync();
            if (TryTake(result.Buffer, out var packet)) return packet;
            if (result.IsCompleted || result.IsCanceled) return null;
        }
    }

    /// <summary>Makes <see cref="ReceiveAsync"/> end. Any thread.</summary>
    public void Abort() => pipe.Input.CancelPendingRead();

    /// <summary>Closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out Packet? packet)
    {
        packet = null;
        var status = FrameHeader.TryParse(buffer, uint.MaxValue, out var header, out var error);
        if (status == FrameStatus.Invalid) throw new InvalidDataException($"The gateway sent an invalid frame: {error?.Description}");
        if (status != FrameStatus.Complete || buffer.Length < header.TotalLength)
        {
            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            return false;
        }
        var refused = PacketDecoder.Decode(header.FirstByte, buffer.Slice(header.HeaderLength, header.BodyLength).ToArray(), ProtocolVersion.V50, out packet);
        pipe.Input.AdvanceTo(buffer.GetPosition(header.TotalLength));
        return refused is null ? true : throw new InvalidDataException($"The gateway sent an invalid packet: {refused}");
    }
}
