using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Publishing;

// Whether the client may publish what it sends. What is not known yet is asked while the client is read no further: so the order of its messages stays.
internal sealed partial class PublishReceiver
{
    private readonly ClientPermissions? _permissions;
    private (Message Message, ushort PacketId)? _undecided;
    private ReasonCode _decision;

    /// <summary>Whether the latest message waits for a decision: nothing may be read before <see cref="Proceed"/>.</summary>
    public bool AwaitsDecision => _undecided is not null;

    /// <summary>Has the message decided that waits. On no thread that reads sockets.</summary>
    public async Task DecideAsync() => _decision = await _permissions!.DecidePublishAsync(_undecided!.Value.Message, _connection.Leaving);

    /// <summary>Publishes or refuses what has been decided. Inside a delivery batch.</summary>
    public ProtocolError? Proceed()
    {
        var (message, packetId) = _undecided!.Value;
        _undecided = null;
        _publishes++;
        if (_decision != ReasonCode.Success)
        {
            Refuse(message.Topic, message.QoS, packetId, _decision);
            return null;
        }
        var view = new PublishView(message) { Streams = this };
        return Take(ref view, packetId);
    }

    // Otherwise it has been refused, or waits for the decision.
    private bool MayPublish(in PublishFrame frame)
    {
        switch (_permissions!.FindPublish(frame.Topic, frame.QoS, frame.Retain))
        {
            case ReasonCode.Success:
                return true;
            case { } refusal:
                Refuse(frame.Topic, frame.QoS, frame.PacketId, refusal);
                return false;
            default:
                // It is counted when it is decided.
                _publishes--;
                _undecided = (ViewOf(in frame).ToMessage(), frame.PacketId);
                return false;
        }
    }

    // PUBACK of 3.x can only say that the message was taken; [MQTT-3.3.5-2] of 3.1.1 lets it be said.
    private void Refuse(ReadOnlySpan<byte> topic, QualityOfService qos, ushort packetId, ReasonCode reason)
    {
        _permissions!.CountDenied(TopicAction.Publish, topic, reason);
        Acknowledge(qos, packetId, reason);
    }
}
