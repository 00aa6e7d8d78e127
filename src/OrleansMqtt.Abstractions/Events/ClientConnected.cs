using System.Text.Json.Serialization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Events;

/// <summary>A client is about to get its CONNACK with success.</summary>
public sealed record ClientConnected : ClientEvent
{
    /// <summary>Where the client is, behind a proxy what the proxy says; null where there is no address.</summary>
    public string? Remote { get; init; }

    /// <summary>Name of the listener that it came by.</summary>
    public string Listener { get; init; } = "";

    /// <summary>Protocol version.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<ProtocolVersion>))]
    public ProtocolVersion Version { get; init; }

    /// <summary>The keep alive in force, in seconds; 0 for none.</summary>
    public int KeepAlive { get; init; }

    /// <summary>Whether it wanted a new session.</summary>
    public bool CleanStart { get; init; }

    /// <summary>Whether a session goes on. Then its subscriptions are in force again without an event.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>How long the session lasts after the connection, in seconds; 4,294,967,295 for ever.</summary>
    public uint SessionExpiry { get; init; }
}
