using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosts.Configuration;

namespace OrleansMqtt.GatewayHost.Configuration;

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
            Session = SessionLimitSettings.Read(reader),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
    }
}
