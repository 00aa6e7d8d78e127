using System.Net;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Routes;

/// <summary>A client. All but its identifier is null where it is not connected to a gateway of this process. Its password is kept nowhere.</summary>
/// <param name="ClientId">Client identifier.</param>
public sealed record MqttClientInfo(string ClientId)
{
    /// <summary>The user, as authenticators have found out; null for an anonymous client.</summary>
    public string? UserName { get; init; }

    /// <summary>Protocol version.</summary>
    public ProtocolVersion? Version { get; init; }

    /// <summary>Keep alive in force, seconds; 0 for none.</summary>
    public ushort? KeepAliveSeconds { get; init; }

    /// <summary>Whether it began anew: Clean Start, Clean Session before 5.0.</summary>
    public bool? CleanStart { get; init; }

    /// <summary>Where it connects from; behind a load balancer, where that says.</summary>
    public EndPoint? Address { get; init; }

    /// <summary>Name of the listener that it came by.</summary>
    public string? Listener { get; init; }

    /// <summary><c>MQTTClient(id=…, user=…)</c>, without the user where there is none; control characters as \uXXXX.</summary>
    public override string ToString() => UserName is null ? $"MQTTClient(id={LogText.Escape(ClientId)})" : $"MQTTClient(id={LogText.Escape(ClientId)}, user={LogText.Escape(UserName)})";
}
