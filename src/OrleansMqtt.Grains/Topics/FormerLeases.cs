using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The silos that may route by a lease of an activation before, and have not attached to this one. Used in the turns of the topic grain only.</summary>
internal sealed class FormerLeases
{
    /// <summary>There are none: the activation before gave its leases back, or time has passed.</summary>
    public static readonly FormerLeases None = new();

    private readonly HashSet<string> _silos = [];
    private readonly TaskCompletionSource _allAttached = new();
    private readonly TaskCompletionSource _abandoned = new();

    private FormerLeases() => Over = Task.CompletedTask;

    /// <summary>Those of all silos that there are.</summary>
    /// <param name="fence">Knows them, and when one is gone.</param>
    /// <param name="isHome">Whether this activation is to stay where it is.</param>
    /// <param name="longest">How long from now on a lease may last that was given before.</param>
    /// <param name="time">The clock.</param>
    public FormerLeases(ISiloFence fence, Func<bool> isHome, TimeSpan longest, TimeProvider time)
    {
        _silos = [.. fence.Silos];
        Over = WaitAsync(fence, isHome, longest, time);
    }

    /// <summary>
    /// Completed when each of the silos has attached, or is gone, or its lease is over. Fails with <see cref="TopicMovedException"/> when this activation is to end before: silos that know it attach to the
    /// next one, and that does not begin while calls wait here.
    /// </summary>
    public Task Over { get; }

    /// <summary>Whether nobody is left.</summary>
    public bool AreOver => Over.IsCompletedSuccessfully;

    /// <summary>A silo has everything that this activation knows, and is told what changes as long as it may route.</summary>
    public void Attached(string silo)
    {
        if (_silos.Remove(silo) && _silos.Count == 0) _allAttached.TrySetResult();
    }

    /// <summary>This activation ends.</summary>
    public void Abandon() => _abandoned.TrySetResult();

    private async Task WaitAsync(ISiloFence fence, Func<bool> isHome, TimeSpan longest, TimeProvider time)
    {
        using var enough = new CancellationTokenSource();
        var over = Task.Delay(longest, time, enough.Token);
        while (!over.IsCompleted)
        {
            // First, so that nothing changes between looking and waiting.
            var changed = fence.Changed;
            _silos.RemoveWhere(fence.IsGone);
            if (_silos.Count == 0) break;
            if (_abandoned.Task.IsCompleted || !isHome()) break;
            await Task.WhenAny(over, changed, _allAttached.Task, _abandoned.Task);
        }
        enough.Cancel();
        if (_silos.Count > 0 && !over.IsCompletedSuccessfully) throw new TopicMovedException("The topic grain moves.");
    }
}
