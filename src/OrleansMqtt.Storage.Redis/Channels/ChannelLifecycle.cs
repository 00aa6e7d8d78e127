using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>Starts channels when the silo can route. When it stops, nothing comes in any more from the beginning, and what was published until the end goes out.</summary>
// Resolved when the silo starts: the router, which they need, needs much that is not there before.
internal sealed class ChannelLifecycle(IServiceProvider services) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        if (services.GetService<ChannelPublisher>() is { } publisher)
            observer.Subscribe(nameof(ChannelPublisher), ServiceLifecycleStage.ApplicationServices - 1, _ => publisher.StartAsync(), _ => publisher.StopAsync());
        observer.Subscribe(
            nameof(ChannelSubscriber), ServiceLifecycleStage.Active + 1,
            _ => services.GetService<ChannelSubscriber>()?.StartAsync() ?? Task.CompletedTask, _ => services.GetService<ChannelSubscriber>()?.StopAsync() ?? Task.CompletedTask);
    }
}
