using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Topics;

/// <summary>Some of the retained messages that a filter matches.</summary>
/// <param name="Messages">Messages, none of them expired when the page was made.</param>
/// <param name="Next">Where the next page starts; null when this one is the last.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RetainedPage")]
public sealed record RetainedPage([property: Id(0)] ImmutableArray<Message> Messages, [property: Id(1)] ReadOnlyMemory<byte>? Next);
