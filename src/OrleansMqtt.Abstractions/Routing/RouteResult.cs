namespace OrleansMqtt.Routing;

/// <summary>What became of one publish.</summary>
/// <param name="Receivers">How many receivers matched (gateways, sessions, groups); 0 becomes No Matching Subscribers (0x10).</param>
/// <param name="Pending">Null when every receiver has it; otherwise what to wait for before the publisher may be told so.</param>
public readonly record struct RouteResult(int Receivers, PendingPublish? Pending);
