using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <content>What the broker's packets do.</content>
internal sealed partial class BenchClient
{
    private bool TakePacket(FrameHeader header, ReadOnlySpan<byte> packet, long now)
    {
        if (!_isConnected || header.Type is not (>= PacketType.Publish and <= PacketType.PubComp)) return TakeOther(packet, now);
        var body = packet[header.HeaderLength..];
        ProtocolError? error;
        if (header.Type == PacketType.Publish)
        {
            error = PublishFrame.TryDecode(header.FirstByte, body, _version, PublishOrigin.Server, out var publish)
                ?? receiver.Publish(in publish, now);
        }
        else
        {
            error = AcknowledgementFrame.TryDecode(header.FirstByte, body, _version, out var acknowledgement)
                ?? receiver.Acknowledge(acknowledgement);
        }

        if (error is not null) End($"The broker broke the protocol: {error.Description}");
        return error is null;
    }

    /// <summary>A packet that does not come for each message: the machine knows what it means.</summary>
    private bool TakeOther(ReadOnlySpan<byte> packet, long now)
    {
        IReadOnlyList<ClientEvent> events;
        lock (_machine) events = _machine.ReceiveBytes(packet);
        foreach (var happened in events)
        {
            switch (happened)
            {
                case ClientConnected:
                    ConnAckAt = now;
                    _isConnected = true;
                    _answer.TrySetResult(null);
                    break;
                case ClientConnectFailed refused:
                    End($"The broker refused the connection: {refused.Reason} (0x{(byte)refused.Reason:X2}).");
                    break;
                case ClientSubscribed subscribed:
                    _answer.TrySetResult(Judge(subscribed));
                    break;
                case ClientDisconnected { Packet: { } disconnect }:
                    End($"The broker said DISCONNECT: {disconnect.ReasonCode} (0x{(byte)disconnect.ReasonCode:X2}).");
                    break;
                case ClientDisconnected { Error: { } error }:
                    End($"The broker broke the protocol: {error.Description}");
                    break;
            }
        }

        return !HasEnded;
    }

    private static string? Judge(ClientSubscribed subscribed)
    {
        var (wanted, granted) = (subscribed.Subscriptions[0].MaximumQoS, subscribed.ReasonCodes[0]);
        if (granted.IsFailure()) return $"The broker refused the subscription: {granted} (0x{(byte)granted:X2}).";
        return (int)granted < (int)wanted ? $"The broker granted QoS {(int)granted} instead of {(int)wanted}." : null;
    }
}
