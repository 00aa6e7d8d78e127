using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;

namespace OrleansMqtt.Actors.Clusters.Handover;

/// <summary>
/// Gets single grains that are placed on this silo while the view is not settled, because another silo has not ended yet all that has moved from it: the grain that is wanted may be free for long. Without
/// it grains would wait for all others that move, and so in a circle: one that ends waits for its last call, and that for a grain that has moved as well.
/// </summary>
/// <param name="agent">The silo's membership.</param>
/// <param name="others">How to ask another silo.</param>
/// <param name="time">The clock.</param>
internal sealed class PendingGrains(MembershipAgent agent, Func<SiloAddress, IHandover> others, TimeProvider time)
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<GrainId, TaskCompletionSource> _waiting = [];
    private bool _isAsking;

    /// <summary>Completes when the grain is not <see cref="GrainOwnership.Pending"/> any more; fails with <see cref="SiloUnavailableException"/> when the membership ends.</summary>
    public Task WhenReadyAsync(GrainId grain)
    {
        Task ready;
        bool isFirst;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(grain, out var waiting)) _waiting.Add(grain, waiting = new(TaskCreationOptions.RunContinuationsAsynchronously));
            (ready, isFirst, _isAsking) = (waiting.Task, !_isAsking, true);
        }

        if (isFirst) _ = AskAsync();
        return ready;
    }

    private async Task AskAsync()
    {
        // Mostly the view settles in a moment.
        await RestAsync().ConfigureAwait(false);
        while (Take() is { Count: > 0 } grains)
        {
            foreach (var some in grains.Chunk(MostAtOnce))
            {
                // Whoever settles or ends completes what waits, whatever others have answered.
                if (agent.Settled.IsCompleted) break;
                await AskForAsync(some).ConfigureAwait(false);
            }

            await RestAsync().ConfigureAwait(false);
        }
    }

    private async Task RestAsync()
    {
        if (!agent.Settled.IsCompleted) await Task.WhenAny(agent.Settled, Task.Delay(Pause, time)).ConfigureAwait(false);
    }

    // Completes those that are not pending; the others are still to be asked for.
    private List<GrainId> Take()
    {
        List<GrainId> pending = [];
        List<TaskCompletionSource> ready = [];
        var end = agent.Settled.Exception?.InnerException;
        lock (_lock)
        {
            foreach (var (grain, waiting) in _waiting)
            {
                if (end is null && agent.OwnershipOf(grain) == GrainOwnership.Pending)
                {
                    pending.Add(grain);
                    continue;
                }

                _waiting.Remove(grain);
                ready.Add(waiting);
            }

            _isAsking = pending.Count > 0;
        }

        foreach (var waiting in ready)
        {
            if (end is null) waiting.SetResult();
            else waiting.SetException(end);
        }

        return pending;
    }

    private async Task AskForAsync(GrainId[] grains)
    {
        var view = agent.Current;
        ImmutableArray<string> names = [.. grains.Select(static grain => grain.ToString())];
        // Who is joining has never run anything.
        var asked = view.Members.Where(member => member.Status != SiloStatus.Joining && !member.Address.Equals(agent.Self)).Select(member => AskAsync(member.Address, view.Version, names));
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        agent.Grant(view.Version, [.. grains.Where((_, i) => Array.TrueForAll(answers, released => released[i]))]);
    }

    private async Task<ImmutableArray<bool>> AskAsync(SiloAddress silo, long view, ImmutableArray<string> grains)
    {
        var asked = others(silo).AreReleasedAsync(view, grains);
        await ((Task)asked).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (asked is { IsCompletedSuccessfully: true, Result: var answer } && answer.Length == grains.Length) return answer;
        // It is asked again, as long as it is a member.
        _ = asked.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return [.. new bool[grains.Length]];
    }
}
