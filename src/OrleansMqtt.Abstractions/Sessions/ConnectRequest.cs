using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Sessions;

/// <summary>A client that has passed its gateway's checks.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.ConnectRequest")]
public sealed record ConnectRequest
{
    /// <summary>The value of <see cref="SessionExpiry"/> of a session that never expires [MQTT-3.1.2.11.2].</summary>
    public const uint NeverExpires = uint.MaxValue;

    /// <summary>Name of the gateway that holds the connection.</summary>
    [Id(0)] public required string Gateway { get; init; }

    /// <summary>Where the session sends what it has for the client.</summary>
    [Id(1)] public required IGatewayEndpoint Endpoint { get; init; }

    /// <summary>Whether an existing session is discarded [MQTT-3.1.2-4].</summary>
    [Id(2)] public bool CleanStart { get; init; }

    /// <summary>How long the session outlives the connection, in seconds; 0 not at all.</summary>
    [Id(3)] public uint SessionExpiry { get; init; }

    /// <summary>The will, if there is one [MQTT-3.1.2-7].</summary>
    [Id(4)] public WillMessage? Will { get; init; }

    /// <summary>How many QoS 1 and 2 messages may be in flight to the client, 1 to 65,535 [MQTT-3.1.2-24].</summary>
    [Id(5)] public int ReceiveMaximum { get; init; } = 65_535;
}

/// <summary>A will and how long after the connection's end it is published.</summary>
/// <param name="Message">What to publish.</param>
/// <param name="Delay">Will Delay Interval, seconds [MQTT-3.1.3-9].</param>
/// <param name="Expiry">Message Expiry Interval, seconds from publication; null for none.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.WillMessage")]
public sealed record WillMessage([property: Id(0)] Message Message, [property: Id(1)] uint Delay, [property: Id(2)] uint? Expiry);
