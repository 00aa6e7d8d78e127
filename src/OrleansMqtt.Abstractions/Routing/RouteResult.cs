namespace OrleansMqtt.Routing;

/// <summary>What became of one publish.</summary>
/// <param name="Receivers">How many receivers matched so far (gateways, sessions, groups).</param>
/// <param name="Pending">Null when every receiver has it; otherwise what to wait for before the publisher may be told so.</param>
public readonly record struct RouteResult(int Receivers, PendingPublish? Pending)
{
    /// <summary>All receivers, those included that other processes found; final once <see cref="Pending"/> is completed. 0 becomes No Matching Subscribers (0x10).</summary>
    public int Total => Receivers + (Pending?.Receivers ?? 0);
}
