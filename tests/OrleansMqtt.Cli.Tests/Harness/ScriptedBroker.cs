using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Tests.Harness;

/// <summary>A broker for one publisher and one subscriber at QoS 0 that does to messages what a test wants.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<Socket> _subscriber = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Socket> _sockets = [];
    private readonly List<byte[]> _held = [];
    private readonly Task _accepting;

    public ScriptedBroker()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The answer to CONNECT.</summary>
    public ConnAckPacket ConnAck { get; init; } = new();

    /// <summary>The answer to SUBSCRIBE.</summary>
    public ReasonCode SubAck { get; init; }

    /// <summary>Once this many have come, they are passed on together, in <see cref="Order"/>. 0 passes each on at once.</summary>
    public int HoldUntil { get; init; }

    /// <summary>Which of the held messages are passed on, by number.</summary>
    public int[] Order { get; init; } = [];

    /// <summary>Whether the subscriber's connection is closed behind them.</summary>
    public bool ClosesAfterwards { get; init; }

    /// <summary>The first message has come.</summary>
    public Task Published => _published.Task;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var socket in _sockets) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                _sockets.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // Stopped: during an accept, or between two.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var version = ProtocolVersion.V311;
        var (buffer, filled) = (new byte[1 << 20], 0);
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var read)
            {
                filled += read;
                while (FrameHeader.TryParse(buffer.AsSpan(0, filled), uint.MaxValue, out var header, out _) == FrameStatus.Complete)
                {
                    var frame = buffer[..header.TotalLength];
                    buffer.AsSpan(header.TotalLength, filled -= header.TotalLength).CopyTo(buffer);
                    Assert.Null(PacketDecoder.Decode(header.FirstByte, frame.AsSpan(header.HeaderLength), version, out var packet));
                    if (packet is ConnectPacket connect) version = connect.Version;
                    await AnswerAsync(socket, packet!, frame, version);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(Socket socket, Packet packet, byte[] frame, ProtocolVersion version)
    {
        switch (packet)
        {
            case ConnectPacket:
                await socket.SendAsync(PacketEncoder.Encode(ConnAck, version));
                break;
            case SubscribePacket subscribe:
                await socket.SendAsync(PacketEncoder.Encode(new SubAckPacket { PacketId = subscribe.PacketId, ReasonCodes = [SubAck] }, version));
                _subscriber.TrySetResult(socket);
                break;
            case PublishPacket:
                await PassOnAsync(frame);
                _published.TrySetResult();
                break;
            case DisconnectPacket:
                socket.Close();
                break;
        }
    }

    private async Task PassOnAsync(byte[] frame)
    {
        var subscriber = await _subscriber.Task;
        if (HoldUntil == 0)
        {
            await subscriber.SendAsync(frame);
            return;
        }

        _held.Add(frame);
        if (_held.Count != HoldUntil) return;
        foreach (var number in Order) await subscriber.SendAsync(_held[number]);
        if (ClosesAfterwards) subscriber.Shutdown(SocketShutdown.Both);
    }
}
