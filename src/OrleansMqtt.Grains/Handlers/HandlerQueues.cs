using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Grains.Handlers.Routes;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Handlers;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>
/// What this silo has routed to handlers and they have not returned from: a queue per grain, or of mapped code per publisher and topic, as long as there is anything for it. Bounded by number for each grain and by bytes for all: beyond, QoS 0 is
/// dropped, and QoS 1 and 2 is acknowledged when it has been handled, so that publishers are held back.
/// </summary>
internal sealed class HandlerQueues(
    IGrainFactory grains, IHandlerRuntime runtime, HandlerTable table, RoutingLeases leases, Live<HandlerLimits> limits, TimeProvider time, ILogger<HandlerQueues> logger)
{
    // What a message takes besides its bytes.
    private const int Overhead = 256;
    // What a partition that moves takes.
    private static readonly TimeSpan LeasePatience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<HandlerQueueKey, HandlerQueue> _queues = new();
    private long _bytes, _number;

    /// <summary>What numbers the messages that this silo gives to handlers.</summary>
    public string Source { get; } = $"router/{Guid.NewGuid():N}";

    public IHandlerRuntime Runtime => runtime;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Whether there is nothing that handlers have not done with.</summary>
    public bool AreEmpty => Volatile.Read(ref _bytes) == 0;

    /// <summary>Whether some handlers are filters.</summary>
    public bool HaveFilters => table.HaveFilters;

    /// <summary>Whether this silo may route at present.</summary>
    public bool MayRoute => leases.AreInForce;

    /// <summary>Whether it leaves the cluster: lanes go to other routers with what has no outcome.</summary>
    public bool IsLeaving => leases.Leaving.IsCancellationRequested;

    /// <summary>Completes when this silo may route, or has waited for that long enough.</summary>
    public Task WhenMayRouteAsync() => leases.AwaitAsync(LeasePatience);

    /// <summary>Gives a message to a handler. Never waits; <paramref name="pending"/> waits for what the publisher is to wait for.</summary>
    public void Add(HandlerRoute route, ref PublishView publish, ref PendingPublish? pending)
    {
        var key = KeyOf(route, publish.Publisher);
        var queue = QueueOf(key, route.Handler);
        var size = Overhead + publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;
        var isFull = IsFull(queue, size);
        // Another handler that waited for it might be what it waits for.
        if (isFull && (publish.ByHandler || publish.QoS == QualityOfService.AtMostOnce))
        {
            route.Handler.Counts.CountDropped();
            if (publish.ByHandler) Fail(ref pending, new IOException($"Too many messages wait for the handler {route.Handler.Name}."));
            return;
        }
        var waits = publish is { ByHandler: false, QoS: not QualityOfService.AtMostOnce } && (isFull || route.Handler.Ack == AckMode.Handled);
        if (waits) (pending ??= new PendingPublish()).Add();
        Add(key, queue, new HandlerWrite(route.Handler, publish.ToMessage(), size, waits ? pending : null));
    }

    /// <summary>Gives a message to a filter. Never waits; false if there is no room, and nobody to hold back.</summary>
    public bool TryAdd(HandlerRoute route, FilterRun run)
    {
        var key = KeyOf(route, run.Message.Publisher);
        var queue = QueueOf(key, route.Handler);
        var size = Overhead + run.Message.Size;
        if (run.MayBeDropped && IsFull(queue, size))
        {
            route.Handler.Counts.CountDropped();
            return false;
        }
        Add(key, queue, new FilterWrite(route.Handler, run, size));
        return true;
    }

    /// <summary>Completes when everything that has been added so far is done with.</summary>
    public Task DrainAsync() => Task.WhenAll(_queues.Values.Select(static queue => queue.DrainAsync()));

    /// <summary>Numbers a message that has nothing else to be recognized by. Messages of one queue are numbered in their order.</summary>
    public void Identify(HandlerWrite write) => write.Identify(ref _number);

    /// <summary>Some messages are done with.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>A queue has run dry.</summary>
    public void Retire(HandlerQueueKey key, HandlerQueue queue) => _queues.TryRemove(new KeyValuePair<HandlerQueueKey, HandlerQueue>(key, queue));

    // A grain's messages are in one order; of mapped code each publisher's are.
    private static HandlerQueueKey KeyOf(HandlerRoute route, string? publisher) => new(route.Grain, route.Handler.IsRoute ? publisher : null);

    private bool IsFull(HandlerQueue queue, int size) => queue.Count >= limits.Current.MaxHandlerQueuedMessages || Volatile.Read(ref _bytes) + size > limits.Current.MaxHandlerQueuedBytes;

    private void Add(HandlerQueueKey key, HandlerQueue queue, HandlerWrite write)
    {
        Interlocked.Add(ref _bytes, write.Size);
        while (!queue.TryAdd(write)) queue = QueueOf(key, write.Handler);
    }

    private HandlerQueue QueueOf(HandlerQueueKey key, TopicHandler handler) => _queues.GetOrAdd(
        key, static (key, made) => new HandlerQueue(made.Queues, key, made.Handler.IsRoute ? made.Queues.RunAsync : made.Queues.GrainOf(key.Grain).HandleAsync), (Queues: this, Handler: handler));

    // Never on the stack of whoever routes: it is users' code.
    private Task<HandlerResult> RunAsync(HandlerBatch batch) => Task.Run(() => runtime.HandleAsync(RouteRunner.Instance, batch));

    private ITopicHandlerGrain GrainOf(GrainId grain) => grains.GetGrain<ITopicHandlerGrain>(grain);

    private static void Fail(ref PendingPublish? pending, Exception failure)
    {
        (pending ??= new PendingPublish()).Add();
        pending.Complete(failure);
    }
}
