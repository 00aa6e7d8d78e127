using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>What a connected client has been doing.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Identity">Who it is.</param>
public sealed record ClientActivity(string ClientId, ClientIdentity Identity)
{
    /// <summary>Its subscriptions.</summary>
    public IReadOnlyList<ClientSubscription> Subscriptions { get; init; } = [];

    /// <summary>What it has published lately and was allowed to, as far as that is remembered: nothing where no authorizer was asked.</summary>
    public IReadOnlyList<ClientPublish> Publishes { get; init; } = [];
}

/// <summary>A subscription of a client.</summary>
/// <param name="Filter">Its topic filter, with the group where it is shared.</param>
/// <param name="QoS">The quality of service that it asked for.</param>
public readonly record struct ClientSubscription(string Filter, QualityOfService QoS);

/// <summary>A kind of publish.</summary>
/// <param name="Topic">The topic name.</param>
/// <param name="QoS">The quality of service.</param>
/// <param name="Retain">Whether it was to be retained.</param>
public readonly record struct ClientPublish(string Topic, QualityOfService QoS, bool Retain);
