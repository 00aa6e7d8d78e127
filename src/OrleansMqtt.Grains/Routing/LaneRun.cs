using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A batch of a lane that has been routed, until all receivers have it.</summary>
internal sealed class LaneRun(int count)
{
    private readonly int[] _outcomes = new int[count];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;

    /// <summary>Completed when all outcomes are known.</summary>
    public Task Completed => _completed.Task;

    /// <summary>What is known now.</summary>
    public ImmutableArray<int> Outcomes
    {
        get
        {
            var outcomes = ImmutableArray.CreateBuilder<int>(_outcomes.Length);
            for (var i = 0; i < _outcomes.Length; i++) outcomes.Add(Volatile.Read(ref _outcomes[i]));
            return outcomes.MoveToImmutable();
        }
    }

    /// <summary>The message has been routed.</summary>
    public void Set(int index, RouteResult result)
    {
        if (result.Pending is not { } pending)
        {
            _outcomes[index] = result.Receivers;
            return;
        }
        Volatile.Write(ref _outcomes[index], RouteOutcome.Pending);
        Interlocked.Increment(ref _open);
        pending.OnCompleted(_ =>
        {
            Volatile.Write(ref _outcomes[index], RouteOutcome.Of(result));
            Complete();
        }, null);
    }

    /// <summary>All messages have been set.</summary>
    public void Seal() => Complete();

    private void Complete()
    {
        if (Interlocked.Decrement(ref _open) == 0) _completed.SetResult();
    }
}
