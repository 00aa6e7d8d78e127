using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>The `Limits` section: each limit under its property's name.</summary>
internal static class GatewayLimitSettings
{
    private const uint SmallestMaximumPacket = 64;
    private const uint LargestPacket = 268_435_460; // A remaining length of 268,435,455 and the fixed header.

    private const int MostConnects = 1_000_000;

    /// <summary>Reads it.</summary>
    public static GatewayLimits Read(SettingsReader reader)
    {
        var fallback = new GatewayLimits();
        return new GatewayLimits
        {
            MaxPacketBytes = Get(nameof(GatewayLimits.MaxPacketBytes)).Whole(SmallestMaximumPacket, LargestPacket, fallback.MaxPacketBytes),
            MaxConnectPacketBytes = Get(nameof(GatewayLimits.MaxConnectPacketBytes)).Whole(SmallestMaximumPacket, LargestPacket, fallback.MaxConnectPacketBytes),
            ReceiveMaximum = Get(nameof(GatewayLimits.ReceiveMaximum)).Whole((ushort)1, ushort.MaxValue, fallback.ReceiveMaximum),
            TopicAliasMaximum = Get(nameof(GatewayLimits.TopicAliasMaximum)).Whole((ushort)0, ushort.MaxValue, fallback.TopicAliasMaximum),
            MaxOutboundTopicAliases = Get(nameof(GatewayLimits.MaxOutboundTopicAliases)).Whole((ushort)0, ushort.MaxValue, fallback.MaxOutboundTopicAliases),
            ConnectTimeoutSeconds = Get(nameof(GatewayLimits.ConnectTimeoutSeconds)).Whole(1, 3600, fallback.ConnectTimeoutSeconds),
            MaxKeepAliveSeconds = Get(nameof(GatewayLimits.MaxKeepAliveSeconds)).Whole((ushort)0, ushort.MaxValue, fallback.MaxKeepAliveSeconds),
            MaxConnections = Get(nameof(GatewayLimits.MaxConnections)).Whole(1, int.MaxValue, fallback.MaxConnections),
            MaxConnectsPerSecond = Get(nameof(GatewayLimits.MaxConnectsPerSecond)).Whole(0, MostConnects, fallback.MaxConnectsPerSecond),
            ConnectBurst = Get(nameof(GatewayLimits.ConnectBurst)).Whole(1, MostConnects, fallback.ConnectBurst),
            MaxOutboxBytes = Get(nameof(GatewayLimits.MaxOutboxBytes)).Whole(1024, int.MaxValue, fallback.MaxOutboxBytes),
            MaxConnectionsPerAddress = Get(nameof(GatewayLimits.MaxConnectionsPerAddress)).Whole(0, int.MaxValue, fallback.MaxConnectionsPerAddress),
            MaxHalfOpenConnections = Get(nameof(GatewayLimits.MaxHalfOpenConnections)).Whole(1, int.MaxValue, fallback.MaxHalfOpenConnections),
            KeepAliveGraceSeconds = Get(nameof(GatewayLimits.KeepAliveGraceSeconds)).Whole((ushort)0, ushort.MaxValue, fallback.KeepAliveGraceSeconds),
            MaxSubscriptionsPerClient = Get(nameof(GatewayLimits.MaxSubscriptionsPerClient)).Whole(0, int.MaxValue, fallback.MaxSubscriptionsPerClient),
            MaxSubscriptionsPerMinute = Get(nameof(GatewayLimits.MaxSubscriptionsPerMinute)).Whole(0, int.MaxValue, fallback.MaxSubscriptionsPerMinute),
            MaxTopicBytes = Get(nameof(GatewayLimits.MaxTopicBytes)).Whole(1, ushort.MaxValue, fallback.MaxTopicBytes),
            MaxTopicLevels = Get(nameof(GatewayLimits.MaxTopicLevels)).Whole(0, ushort.MaxValue + 1, fallback.MaxTopicLevels),
            MaxQoS = (QualityOfService)Get(nameof(GatewayLimits.MaxQoS)).Whole((byte)0, (byte)2, (byte)fallback.MaxQoS),
            RetainAvailable = Get(nameof(GatewayLimits.RetainAvailable)).Flag(fallback.RetainAvailable),
            WildcardSubscriptionsAvailable = Get(nameof(GatewayLimits.WildcardSubscriptionsAvailable)).Flag(fallback.WildcardSubscriptionsAvailable),
            SharedSubscriptionsAvailable = Get(nameof(GatewayLimits.SharedSubscriptionsAvailable)).Flag(fallback.SharedSubscriptionsAvailable),
            MaxMemoryBytes = Get(nameof(GatewayLimits.MaxMemoryBytes)).Whole(0, long.MaxValue, fallback.MaxMemoryBytes),
            Session = SessionLimitSettings.Read(reader),
            Rates = RateLimitSettings.Read(reader),
            Retained = RetainedLimitSettings.Read(reader),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
    }
}
