using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Leases;

/// <summary>Failures of a call that say nothing but that its receiver was not reached, or is moving: the same call may succeed soon, and may have taken effect.</summary>
internal static class PassingFailure
{
    /// <summary>Whether it is one.</summary>
    public static bool Is(Exception exception) => exception is TimeoutException or OrleansException or TopicMovedException or NoRoutingLeaseException;
}
