using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>The topic aliases of one connection, both directions; they end with it [MQTT-3.3.2-7].</summary>
internal sealed class ClientTopicAliases
{
    private readonly Dictionary<string, ushort> _outbound = [];
    private readonly Dictionary<ushort, string> _inbound = [];
    private ushort _outboundMaximum;
    private ushort _inboundMaximum;

    /// <summary>Starts anew with what each side announced as its topic alias maximum; 0 turns that direction off.</summary>
    public void Reset(ushort outboundMaximum, ushort inboundMaximum)
    {
        _outbound.Clear();
        _inbound.Clear();
        (_outboundMaximum, _inboundMaximum) = (outboundMaximum, inboundMaximum);
    }

    /// <summary>Puts an alias in place of the topic, or beside it at its first use. The first topics get the aliases and keep
    /// them.</summary>
    public PublishPacket Shorten(PublishPacket packet)
    {
        if (_outbound.TryGetValue(packet.Topic, out var alias))
        {
            return packet.With(packet.QoS, packet.Retain, packet.PacketId, packet.Duplicate, "", alias);
        }

        if (_outbound.Count >= _outboundMaximum) // [MQTT-3.3.2-9]
        {
            return packet;
        }

        alias = (ushort)(_outbound.Count + 1);
        _outbound.Add(packet.Topic, alias);
        return packet.With(packet.QoS, packet.Retain, packet.PacketId, packet.Duplicate, packet.Topic, alias);
    }

    /// <summary>Gives a received packet its topic; learns the alias if it brings both.</summary>
    public ProtocolError? Resolve(ref PublishPacket packet)
    {
        if (packet.TopicAlias is not { } alias)
        {
            return null;
        }

        if (alias == 0 || alias > _inboundMaximum) // [MQTT-3.3.2-8]
        {
            return new(ReasonCode.TopicAliasInvalid, "The topic alias is 0 or above the topic alias maximum.");
        }

        var topic = packet.Topic;
        if (topic.Length > 0)
        {
            _inbound[alias] = topic;
        }
        else if (!_inbound.TryGetValue(alias, out topic))
        {
            return new(ReasonCode.ProtocolError, "The topic alias stands for no topic.");
        }

        packet = packet.With(packet.QoS, packet.Retain, packet.PacketId, packet.Duplicate, topic);
        return null;
    }
}
