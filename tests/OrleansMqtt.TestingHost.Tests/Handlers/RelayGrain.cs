using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.TestingHost.Tests.Handlers;

/// <summary>Passes a message on to others of its kind, so often as the payload says.</summary>
[TopicHandler("relay/{name}/{hop}")]
public sealed class RelayGrain : Grain, ITopicHandlerGrain
{
    private static int _count;

    internal static int Count => Volatile.Read(ref _count);

    public async Task On(TopicContext context, int hops)
    {
        if (hops > 0) await context.PublishAsync($"relay/{context["name"]}/{hops}", hops - 1);
        Interlocked.Increment(ref _count);
    }
}
