using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Transports;

/// <summary>A client of any transport that does no more than a measurement needs. It trusts any certificate.</summary>
internal sealed class TransportClient : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[4096];
    private long _received, _size;

    private TransportClient(Stream stream) => _stream = stream;

    /// <summary>PUBLISH packets that have come.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Connects to the end.</summary>
    public static async Task<TransportClient> ConnectAsync(Uri url, string clientId)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (url.Scheme is "mqtts" or "wss")
        {
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync("localhost");
            stream = tls;
        }
        if (url.Scheme is "ws" or "wss") stream = await UpgradeAsync(stream);
        var client = new TransportClient(stream);
        await client.SendAsync(PacketEncoder.Encode(new ConnectPacket { ClientId = clientId, CleanStart = true, Version = ProtocolVersion.V311 }, ProtocolVersion.V311));
        await client._stream.ReadExactlyAsync(client._buffer.AsMemory(0, 4));
        return client;
    }

    /// <summary>A PUBLISH of QoS 0.</summary>
    public static byte[] Publish(string topic, int payload) => PacketEncoder.Encode(new PublishPacket { Topic = topic, Payload = new byte[payload] }, ProtocolVersion.V311);

    /// <summary>Subscribes to one topic.</summary>
    public async Task SubscribeAsync(string topic)
    {
        await SendAsync(PacketEncoder.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = topic }] }, ProtocolVersion.V311));
        await _stream.ReadExactlyAsync(_buffer.AsMemory(0, 5));
    }

    /// <summary>One write.</summary>
    public ValueTask SendAsync(byte[] packet) => _stream.WriteAsync(packet);

    /// <summary>Counts what comes, all of one size, until it is disposed of.</summary>
    public async Task CountAsync()
    {
        var bytes = 0L;
        try
        {
            while (await _stream.ReadAsync(_buffer) is > 0 and var count)
            {
                if (bytes == 0) _size = FrameHeader.TryParse(_buffer.AsSpan(0, count), uint.MaxValue, out var header, out _) == FrameStatus.Complete ? header.TotalLength : throw new InvalidDataException("less than a header came");
                bytes += count;
                Volatile.Write(ref _received, bytes / _size);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or WebSocketException)
        {
            // It has been disposed of.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> UpgradeAsync(Stream stream)
    {
        await stream.WriteAsync("GET /mqtt HTTP/1.1\r\nHost: b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"u8.ToArray());
        var (answer, one) = (new List<byte>(), new byte[1]);
        while (answer is not [.., 13, 10, 13, 10])
        {
            await stream.ReadExactlyAsync(one);
            answer.Add(one[0]);
        }
        return WebSocketStream.Create(WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { SubProtocol = "mqtt", KeepAliveInterval = TimeSpan.Zero }), WebSocketMessageType.Binary, ownsWebSocket: true);
    }
}
