using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers;

/// <summary>Messages for one grain, in order.</summary>
/// <param name="Source">What numbers messages that have no identity of their own.</param>
/// <param name="Floor">The lowest number of that source that this grain may still be given.</param>
/// <param name="Messages">At least one.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.HandlerBatch")]
public sealed record HandlerBatch([property: Id(0)] string Source, [property: Id(1)] long Floor, [property: Id(2)] ImmutableArray<HandlerMessage> Messages);

/// <summary>A message for a handler.</summary>
/// <param name="Handler">The handler's name.</param>
/// <param name="Message">The message.</param>
/// <param name="Number">Its number; 0 for one with an identity of its own.</param>
/// <param name="Attempt">The how manieth time it is given to the handler, from 1.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.HandlerMessage")]
public readonly record struct HandlerMessage(
    [property: Id(0)] string Handler, [property: Id(1)] Message Message, [property: Id(2)] long Number, [property: Id(3)] int Attempt);

/// <summary>What became of the first messages of a batch.</summary>
/// <param name="Outcomes">At least one.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.HandlerResult")]
public sealed record HandlerResult([property: Id(0)] ImmutableArray<HandlerOutcome> Outcomes);

/// <summary>What became of a message.</summary>
/// <param name="State">The kind.</param>
/// <param name="Reason">Why it was not handled; null where it was.</param>
/// <param name="Decision">What the handler, a filter, has decided; null where it has not, or is none.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.HandlerOutcome")]
public readonly record struct HandlerOutcome([property: Id(0)] HandlerState State, [property: Id(1)] string? Reason = null, [property: Id(2)] FilterDecision? Decision = null);

/// <summary>Kinds of outcomes.</summary>
public enum HandlerState : byte
{
    /// <summary>The handler has returned.</summary>
    Handled,

    /// <summary>The handler has failed. No message behind it has been touched.</summary>
    Failed,

    /// <summary>The handler took too long. No message behind it has been touched.</summary>
    TimedOut,

    /// <summary>The payload could not be read, and never can be.</summary>
    Unreadable,

    /// <summary>The silo that has the grain does not know the handler: it runs another version. No message behind it has been touched.</summary>
    Unknown,
}
