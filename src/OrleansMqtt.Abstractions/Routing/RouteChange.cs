using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>Who receives what a filter matches.</summary>
public enum RouteKind : byte
{
    /// <summary>A gateway with at least one connected client that has the filter.</summary>
    Gateway,

    /// <summary>The log of a persistent session (QoS 1 and 2).</summary>
    Session,

    /// <summary>A member of a shared group.</summary>
    SharedMember,
}

/// <summary>One route set or removed.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RouteChange")]
public sealed record RouteChange
{
    /// <summary>Kind of receiver.</summary>
    [Id(0)] public required RouteKind Kind { get; init; }

    /// <summary>Topic filter (of a shared group: the inner one).</summary>
    [Id(1)] public required string Filter { get; init; }

    /// <summary>Gateway name, or client identifier for a session or a shared member.</summary>
    [Id(2)] public required string Receiver { get; init; }

    /// <summary>True when the route ends.</summary>
    [Id(3)] public bool Removed { get; init; }

    /// <summary>The subscription's options; without meaning for a gateway.</summary>
    [Id(4)] public SubscriptionOptions Options { get; init; }

    /// <summary>The group of a shared member.</summary>
    [Id(5)] public SharedGroupKey? Group { get; init; }

    /// <summary>Gateway that a shared member is connected to; null while it is away.</summary>
    [Id(6)] public string? Gateway { get; init; }

    /// <summary>Whether a shared member has a persistent session, so that QoS 1 and 2 go to its log.</summary>
    [Id(7)] public bool Persistent { get; init; }

    /// <summary>The gateway that says that a shared member is away or has left; null for anybody else. It has no say in where the member is by then if that is another gateway.</summary>
    [Id(8)] public string? Left { get; init; }
}
