using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>Whether the limits let a client connect.</summary>
internal static class ConnectLimits
{
    /// <summary>What a client is told whom a limit keeps out; null where it may connect.</summary>
    /// <param name="connect">Its CONNECT.</param>
    /// <param name="hasPlace">Whether its address has fewer connections than it may have.</param>
    /// <param name="context">The gateway.</param>
    public static ProtocolError? Examine(ConnectPacket connect, bool hasPlace, GatewayContext context)
    {
        if (Find(connect, hasPlace, context) is not { } refusal) return null;
        context.Metrics.CountRefused(refusal.Kind);
        return new ProtocolError(refusal.Reason, refusal.Description);
    }

    private static Refusal? Find(ConnectPacket connect, bool hasPlace, GatewayContext context)
    {
        if (!hasPlace) return Refuse(RefusalKind.ConnectionsPerAddress, ReasonCode.ConnectionRateExceeded, "the maximum number of connections of its address is reached");
        if (context.Connections.Count >= context.Limits.MaxConnections) return Refuse(RefusalKind.Connections, ReasonCode.ServerBusy, "the maximum number of connections is reached");
        if (context.Metrics.Overload > 0) return Refuse(RefusalKind.Overload, ReasonCode.ServerBusy, "memory runs short");
        // [MQTT-3.2.2-12], [MQTT-3.2.2-13]; a will's topic is one that it may publish to.
        return connect.Will is not { } will ? null : PublishLimits.OfTopic(context.Limits, Encoding.UTF8.GetBytes(will.Topic)) ?? PublishLimits.OfKind(context.Limits, will.QoS, will.Retain) ?? OfSize(context.Limits, will);
    }

    private static Refusal? OfSize(GatewayLimits limits, Will will) =>
        will.Retain && limits.Retained.MaxRetainedMessageBytes is > 0 and var most && Encoding.UTF8.GetByteCount(will.Topic) + will.ForwardedProperties.Length + will.Payload.Length > most
            ? Refuse(RefusalKind.Retained, ReasonCode.QuotaExceeded, "a will too large to be retained")
            : null;

    private static Refusal Refuse(RefusalKind kind, ReasonCode reason, string description) => new(kind, reason, description, EndsConnection: true);
}
