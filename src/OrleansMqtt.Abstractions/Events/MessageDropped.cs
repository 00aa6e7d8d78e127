using System.Text.Json.Serialization;
using OrleansMqtt.Diagnostics;

namespace OrleansMqtt.Events;

/// <summary>Copies of messages did not reach a subscriber. What was dropped for one reason and one client within a second is one event.</summary>
public sealed record MessageDropped : BrokerEvent
{
    /// <summary>Why.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DropReason>))]
    public DropReason Reason { get; init; }

    /// <summary>The client that was to get them; null where it is none in particular, or not known in this process.</summary>
    public string? ClientId { get; init; }

    /// <summary>The topic of the first of them; null where it is not known.</summary>
    public string? Topic { get; init; }

    /// <summary>How many, at least 1.</summary>
    public long Count { get; init; }
}
