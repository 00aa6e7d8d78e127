namespace OrleansMqtt.Routing;

/// <summary>
/// Puts the calls of one sender in order, whatever the network does with them: one that was overtaken, because it was held for lost and sent again, must not
/// take effect after what was sent later.
/// </summary>
/// <param name="Sender">Who sends; another one after each start.</param>
/// <param name="Epoch">The activation of the topic grain that the call is for; 0 when the sender knows none yet.</param>
/// <param name="Sequence">Rises from call to call; the same when a call is repeated.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RouteCall")]
public readonly record struct RouteCall([property: Id(0)] Guid Sender, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence);
