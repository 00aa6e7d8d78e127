using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The silos that may route by a lease of an activation before, and have not attached to this one. Used in the turns of the topic grain only.</summary>
internal sealed class FormerLeases
{
    /// <summary>There are none: the activation before gave its leases back, or time has passed.</summary>
    public static readonly FormerLeases None = new();

    private readonly HashSet<string> _silos = [];
    private readonly TaskCompletionSource _allAttached = new();

    private FormerLeases() => Over = Task.CompletedTask;

    /// <summary>Those of all silos that there are.</summary>
    /// <param name="fence">Knows them, and when one is gone.</param>
    /// <param name="longest">How long from now on a lease may last that was given before.</param>
    /// <param name="time">The clock.</param>
    public FormerLeases(ISiloFence fence, TimeSpan longest, TimeProvider time)
    {
        _silos = [.. fence.Silos];
        Over = WaitAsync(fence, longest, time);
    }

    /// <summary>Completed when each of the silos has attached, or is gone, or its lease is over.</summary>
    public Task Over { get; }

    /// <summary>A silo has everything that this activation knows, and is told what changes as long as it may route.</summary>
    public void Attached(string silo)
    {
        if (_silos.Remove(silo) && _silos.Count == 0) _allAttached.TrySetResult();
    }

    private async Task WaitAsync(ISiloFence fence, TimeSpan longest, TimeProvider time)
    {
        using var enough = new CancellationTokenSource();
        var over = Task.Delay(longest, time, enough.Token);
        while (!over.IsCompleted)
        {
            // First, so that nothing changes between looking and waiting.
            var changed = fence.Changed;
            _silos.RemoveWhere(fence.IsGone);
            if (_silos.Count == 0) break;
            await Task.WhenAny(over, changed, _allAttached.Task);
        }
        enough.Cancel();
    }
}
