using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <inheritdoc cref="IRouterGrain"/>
[Reentrant]
internal sealed class RouterGrain(Router router, RoutingLeases leases, TimeProvider time) : Grain, IRouterGrain
{
    // A lane goes on behind a slow receiver after the first of them; the second bounds how long it does not know whether this silo is there.
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(20), LongPatience = TimeSpan.FromMilliseconds(500);
    // Batches overtake each other only when the grain moves, and what is missing may have stayed behind for good.
    private static readonly TimeSpan OrderPatience = TimeSpan.FromMilliseconds(100);
    // What a partition that moves takes: on another silo it would be the same.
    private static readonly TimeSpan LeasePatience = TimeSpan.FromMilliseconds(500);
    private readonly LaneOrder _order = new(LaneBatch.Window, OrderPatience, time);
    private readonly LaneStreams _streams = new();
    private readonly Dictionary<long, LaneRun> _runs = [];

    /// <inheritdoc/>
    public async Task<ImmutableArray<int>> RouteAsync(ImmutableArray<Message> messages)
    {
        await RequireAsync();
        var run = new LaneRun(messages.Length);
        RouteAll(messages, run);
        run.Seal();
        await run.Completed;
        return run.Outcomes;
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<int>> RouteLaneAsync(LaneBatch batch)
    {
        await _order.EnterAsync(batch.Index, batch.Done);
        var run = new LaneRun(batch.Publishes.Count);
        try
        {
            await RequireAsync();
            RouteAll(batch, run);
        }
        catch (Exception exception)
        {
            _order.Fail(exception);
            throw;
        }
        run.Seal();
        foreach (var answered in _runs.Keys.Where(index => index < batch.Done).ToList()) _runs.Remove(answered);
        _runs[batch.Index] = run;
        _order.Leave(batch.Index);
#pragma warning disable ORLEANS0014 // What remains needs no turn of this grain any more.
        return await WaitAsync(run, ShortPatience).ConfigureAwait(false);
#pragma warning restore ORLEANS0014
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<int>> AwaitLaneAsync(long index) => _runs.TryGetValue(index, out var run)
        ? WaitAsync(run, LongPatience)
        : throw new InvalidOperationException($"Batch {index} of the lane has not been routed here.");

    // The caller goes to a silo that knows all routes.
    private async ValueTask RequireAsync()
    {
        if (!leases.AreInForce && !await leases.AwaitAsync(LeasePatience)) throw new NoRoutingLeaseException("This silo does not know all routes at present.");
    }

    private async Task<ImmutableArray<int>> WaitAsync(LaneRun run, TimeSpan patience)
    {
        if (!run.Completed.IsCompleted)
        {
            // A silo that leaves hands its grains over without waiting for receivers; until it does so, it is asked no more often than is good.
            var leaving = leases.Leaving;
            if (leaving.IsCancellationRequested) (patience, leaving) = (ShortPatience, CancellationToken.None);
            try
            {
#pragma warning disable ORLEANS0014 // As above.
                await run.Completed.WaitAsync(patience, time, leaving).ConfigureAwait(false);
#pragma warning restore ORLEANS0014
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                // The lane asks again for what is not known yet; if this silo leaves, in vain, and goes to another router.
                return run.Outcomes;
            }
        }
        return run.Outcomes;
    }

    private void RouteAll(ImmutableArray<Message> messages, LaneRun run)
    {
        using var together = DeliveryBatch.Begin();
        for (var i = 0; i < messages.Length; i++) run.Set(i, Route(messages[i]));
    }

    private void RouteAll(LaneBatch batch, LaneRun run)
    {
        using var together = DeliveryBatch.Begin();
        _streams.Begin(batch.Index, batch.Done);
        var others = 0;
        var unpacker = new PublishUnpacker(batch.Publishes);
        for (var i = 0; unpacker.TryRead(out var publish, out var isOther); i++)
        {
            var other = isOther ? batch.Others[others++] : default;
            publish.Streams = _streams;
            if (!isOther) run.Set(i, router.RouteNow(ref publish, run, i));
            else if (other.Group is { } group) run.Set(i, router.PassOn(group, other.Message, other.LeavingClient ?? ""));
            else run.Set(i, Route(other.Message, _streams));
        }
    }

    private RouteResult Route(Message message, LaneStreams? streams = null)
    {
        var publish = new PublishView(message) { Streams = streams };
        return router.RouteNow(ref publish);
    }
}
