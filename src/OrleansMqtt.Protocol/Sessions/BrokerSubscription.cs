using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Sessions;

/// <summary>A subscription that a session has.</summary>
/// <param name="Options">Filter and options, as the client asked for them.</param>
/// <param name="Identifier">What comes with each message that it matches, or null.</param>
public sealed record BrokerSubscription(Subscription Options, uint? Identifier)
{
    /// <summary>The filter's UTF-8 bytes.</summary>
    internal byte[] FilterBytes { get; } = System.Text.Encoding.UTF8.GetBytes(Options.Filter);

    /// <summary>Whether the subscription matches a topic name.</summary>
    public bool Matches(ReadOnlySpan<byte> topic) => TopicFilter.Matches(FilterBytes, topic);
}
