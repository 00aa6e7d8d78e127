using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Gateway.Routes;

/// <summary>Code that is mapped on connections or subscriptions, ready to be called.</summary>
/// <param name="Name">Its name in metrics and logs.</param>
/// <param name="Pattern">Which subscriptions; null for connections.</param>
/// <param name="Handler">The code.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record MappedCode(string Name, SubscribePattern? Pattern, BoundHandler Handler, TimeSpan Timeout)
{
    private const int MaximumCalls = 256;

    /// <summary>How many calls of it run at a time.</summary>
    public SemaphoreSlim Room { get; } = new(MaximumCalls);
}
