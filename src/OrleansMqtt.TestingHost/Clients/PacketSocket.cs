using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.TestingHost.Clients;

/// <summary>MQTT packets over a TCP socket, as clients send and receive them.</summary>
internal sealed class PacketSocket : IAsyncDisposable
{
    public static readonly TimeSpan DefaultWaitLimit = TimeSpan.FromSeconds(30);

    private readonly ProtocolVersion _version;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly SemaphoreSlim _sending = new(1);

    private PacketSocket(Socket socket, ProtocolVersion version)
    {
        (_version, _stream) = (version, new NetworkStream(socket, ownsSocket: true));
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public static async Task<PacketSocket> ConnectAsync(EndPoint endPoint, ProtocolVersion version)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint).WaitAsync(DefaultWaitLimit);
            return new PacketSocket(socket, version);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"{endPoint} cannot be reached.", exception);
        }
    }

    /// <summary>Sends a packet.</summary>
    /// <exception cref="IOException">The connection is over.</exception>
    public async Task SendAsync(Packet packet)
    {
        await _sending.WaitAsync();
        try
        {
            await _stream.WriteAsync(PacketEncoder.Encode(packet, _version));
        }
        catch (ObjectDisposedException exception)
        {
            throw new IOException("The connection is over.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next packet; null when the connection is over, however it ended.</summary>
    /// <exception cref="InvalidDataException">What came is no packet.</exception>
    public async Task<Packet?> ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var result = await _reader.ReadAsync();
                if (TryTake(result.Buffer, out var packet)) return packet;
                if (result.IsCompleted) return null;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Closes it.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private bool TryTake(ReadOnlySequence<byte> buffer, out Packet? packet)
    {
        packet = null;
        var status = FrameHeader.TryParse(buffer, uint.MaxValue, out var header, out var error);
        if (status == FrameStatus.Invalid) throw new InvalidDataException($"The broker sent an invalid frame: {error?.Description}");
        if (status != FrameStatus.Complete || buffer.Length < header.TotalLength)
        {
            _reader.AdvanceTo(buffer.Start, buffer.End);
            return false;
        }
        var refused = PacketDecoder.Decode(header.FirstByte, buffer.Slice(header.HeaderLength, header.BodyLength).ToArray(), _version, out packet);
        _reader.AdvanceTo(buffer.GetPosition(header.TotalLength));
        return refused is null ? true : throw new InvalidDataException($"The broker sent an invalid packet: {refused}");
    }
}
