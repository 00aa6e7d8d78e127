using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A batch of a lane on its way, until all receivers have it. Routed by one thread; told by any what receivers elsewhere have found.</summary>
internal sealed class LaneRun(int count) : IRouteWaiter
{
    // Per message: how many have to answer, less those that have, above; how many receivers there are, below.
    private const int Below = 32;
    private readonly long[] _messages = new long[count];
    private readonly TaskCompletionSource _completed = new();
    private int[]? _failures;
    private int _expected, _opened, _open;

    /// <summary>Completed when all outcomes are known; whoever waits for it goes on, on the stack of the last who answered, where it holds no lock.</summary>
    public Task Completed => _completed.Task;

    /// <summary>What is known now. Not before <see cref="Seal"/>.</summary>
    public ImmutableArray<int> Outcomes
    {
        get
        {
            var outcomes = new int[_messages.Length];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var message = Volatile.Read(ref _messages[i]);
                var failure = Volatile.Read(ref _failures)?[i] ?? 0;
                outcomes[i] = message >> Below != 0 ? RouteOutcome.Pending : failure != 0 ? failure : (int)message;
            }
            return ImmutableCollectionsMarshal.AsImmutableArray(outcomes);
        }
    }

    /// <summary>Somebody has been, or is about to be, asked for the message that is being routed, and calls <see cref="OnFound"/>.</summary>
    public void Expect() => _expected++;

    /// <summary>The message has been routed.</summary>
    public void Set(int index, RouteResult result)
    {
        var expected = _expected;
        _expected = 0;
        if (result.Pending is { } pending)
        {
            expected++;
            pending.OnCompleted(_ => OnCompleted(index, pending), null);
        }
        if (expected == 0)
        {
            _messages[index] = result.Receivers;
            return;
        }
        _opened++;
        // Those who were faster have counted downwards from 0.
        Add(index, ((long)expected << Below) + result.Receivers);
    }

    /// <inheritdoc/>
    public void OnFound(int index, int receivers) => Add(index, Math.Max(receivers, 0) - (1L << Below));

    /// <summary>All messages have been set.</summary>
    public void Seal()
    {
        if (Interlocked.Add(ref _open, _opened) == 0) _completed.SetResult();
    }

    private void OnCompleted(int index, PendingPublish pending)
    {
        if (pending.Failure is not null)
        {
            if (Volatile.Read(ref _failures) is null) Interlocked.CompareExchange(ref _failures, new int[_messages.Length], null);
            Volatile.Write(ref _failures![index], RouteOutcome.Of(new RouteResult(0, pending)));
        }
        OnFound(index, pending.Receivers);
    }

    private void Add(int index, long change)
    {
        if (Interlocked.Add(ref _messages[index], change) >> Below == 0 && Interlocked.Decrement(ref _open) == 0) _completed.SetResult();
    }
}
