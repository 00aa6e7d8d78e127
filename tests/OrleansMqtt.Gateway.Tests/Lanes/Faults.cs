using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>
/// A bad network between callers and callees: calls fail before or after they are carried out, are carried out twice, overtake each other, or come when nobody waits for
/// them any more.
/// </summary>
internal sealed class Faults(int seed, bool happen) : INetwork
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private readonly List<Func<Task>> _late = [];
    private readonly List<Task> _running = [];

    /// <summary>Whether any happen; from the start or not.</summary>
    public bool Happen { get; set; } = happen;

    /// <summary>Makes a call over the network.</summary>
    public async Task<ImmutableArray<int>> CallAsync(Func<Task<ImmutableArray<int>>> call)
    {
        int kind, yields;
        lock (_lock)
        {
            (kind, yields) = (Happen ? _random.Next(100) : 100, _random.Next(50));
            if (_late.Count > 0 && _random.Next(4) == 0) Release();
        }
        switch (kind)
        {
            case < 5:
                throw new SiloUnavailableException("The test loses the call.");
            case < 10:
                await call();
                throw new SiloUnavailableException("The test loses the answer.");
            case < 15:
                lock (_lock) _late.Add(async () => await call());
                throw new TimeoutException("The test is late.");
            case < 20:
                var first = call();
                await Ended(call());
                return await first;
            case < 40:
                for (var i = 0; i < yields; i++) await Task.Yield();
                return await call();
            default:
                return await call();
        }
    }

    /// <summary>No more of them; returns when everything that was late has come.</summary>
    public async Task EndAsync()
    {
        Task[] running;
        lock (_lock)
        {
            Happen = false;
            while (_late.Count > 0) Release();
            running = [.. _running];
        }
        await Task.WhenAll(running);
    }

    // Under the lock.
    private void Release()
    {
        var late = _late[0];
        _late.RemoveAt(0);
        _running.Add(Task.Run(() => Ended(late())));
    }

    // Whatever became of it: nobody waits for it.
    private static async Task Ended(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
