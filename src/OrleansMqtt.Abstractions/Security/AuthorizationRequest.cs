using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>What a client wants to do.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Identity">Who it is.</param>
/// <param name="Action">What it wants.</param>
/// <param name="Topic">The topic name; for <see cref="TopicAction.Subscribe"/> the topic filter, of a shared subscription the one behind the group.</param>
/// <param name="QoS">Of the publish, or what the subscription asks for.</param>
/// <param name="Retain">Whether the publish is to be retained.</param>
public readonly record struct AuthorizationRequest(
    string ClientId, ClientIdentity Identity, TopicAction Action, string Topic, QualityOfService QoS = QualityOfService.AtMostOnce, bool Retain = false);
