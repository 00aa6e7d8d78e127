using System.Buffers;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>Shows one connection's packets to interceptors, and carries out their verdicts.</summary>
internal sealed partial class PacketHooks(IReadOnlyList<IPacketInterceptor> interceptors, ILogger logger) : IFrameInterceptor
{
    private volatile int _version = (int)ProtocolVersion.V311;
    private volatile bool _isClosing;

    /// <summary>The connection; to be set before the first packet passes.</summary>
    public MqttConnection? Connection { get; set; }

    private ProtocolVersion Version => (ProtocolVersion)_version;

    /// <inheritdoc/>
    public async ValueTask<bool> OnFrameAsync(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended)
    {
        // What the broker says at the end is for the client.
        if (_isClosing || Decode(frame.Span) is not { } packet)
        {
            onward.Write(frame.Span);
            return true;
        }
        if (packet is ConnectPacket connect) _version = (int)connect.Version;
        try
        {
            return await PassAsync(direction, packet, frame, onward, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // A user's code: whatever it is, it ends this connection alone.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, Connection!.Client.LogName, Connection.Client.Remote, packet.Type);
            return Close(direction, packet, frame, new ProtocolError(ReasonCode.ImplementationSpecificError, "a hook of its packets has failed"), onward);
        }
    }

    private async ValueTask<bool> PassAsync(PacketDirection direction, Packet packet, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended)
    {
        var passing = packet;
        foreach (var interceptor in interceptors)
        {
            var verdict = await interceptor.OnPacketAsync(Connection!, direction, passing, ended);
            switch (verdict.Kind)
            {
                case PacketVerdict.Kinds.Drop:
                    return true;
                case PacketVerdict.Kinds.Close:
                    return Close(direction, passing, frame, new ProtocolError(verdict.Reason, LogText.Escape(verdict.Description)), onward);
                case PacketVerdict.Kinds.Replace:
                    passing = verdict.Packet!;
                    break;
            }
        }
        if (ReferenceEquals(passing, packet)) onward.Write(frame.Span);
        else PacketEncoder.Encode(onward, passing, Version);
        return true;
    }

    // Returns whether the connection goes on as far as this direction is concerned.
    private bool Close(PacketDirection direction, Packet packet, ReadOnlyMemory<byte> frame, ProtocolError error, IBufferWriter<byte> onward)
    {
        _isClosing = true;
        var client = Connection!.Client;
        switch (packet)
        {
            case ConnectPacket when direction == PacketDirection.Received:
                // The broker answers it, as it answers to what else is wrong with a CONNECT.
                client.RefuseConnect(error with { Reason = MqttConnection.Fit(PacketType.ConnAck, error.Reason) });
                onward.Write(frame.Span);
                return true;
            case ConnAckPacket when direction == PacketDirection.Sent:
                // [MQTT-3.14.0-1]: without CONNACK there is no DISCONNECT.
                PacketEncoder.Encode(onward, new ConnAckPacket { ReasonCode = MqttConnection.Fit(PacketType.ConnAck, error.Reason) }, Version);
                client.Close(ReasonCode.UnspecifiedError, error.Description);
                return false;
            default:
                client.Close(MqttConnection.Fit(PacketType.Disconnect, error.Reason), error.Description);
                return true;
        }
    }

    private Packet? Decode(ReadOnlySpan<byte> frame) =>
        FrameHeader.TryParse(frame, uint.MaxValue, out var header, out _) == FrameStatus.Complete
        && PacketDecoder.Decode(header.FirstByte, frame[header.HeaderLength..header.TotalLength], Version, out var packet) is null
            ? packet
            : null;

    [LoggerMessage(304, LogLevel.Error, "Client {ClientId} at {Remote}: a hook has failed with a {Type}; closing.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string clientId, string remote, PacketType type);
}
