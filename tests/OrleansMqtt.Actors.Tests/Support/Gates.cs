using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OrleansMqtt.Actors.Tests.Support;

/// <summary>Where grains and tests meet, by name: a grain reports that it arrived, and waits until the test lets it go. Grains of the
/// contract suite run in the test's process on either runtime.</summary>
internal static class Gates
{
    private static readonly ConcurrentDictionary<string, Gate> All = new();

    public static Gate Of(string name) => All.GetOrAdd(name, static _ => new Gate());

    public static string NewName() => Guid.NewGuid().ToString("N");
}

internal sealed class Gate
{
    private readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>How many have arrived so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The grain's side: says that it is there, then waits until the gate is open.</summary>
    public Task PassAsync()
    {
        Arrive();
        return _open.Task;
    }

    /// <summary>The grain's side: says that it is there.</summary>
    public void Arrive()
    {
        Interlocked.Increment(ref _count);
        _arrivals.Writer.TryWrite(true);
    }

    /// <summary>The test's side: waits for one more arrival.</summary>
    public Task ArrivalAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    public async Task ArrivalsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await ArrivalAsync();
        }
    }

    /// <summary>The test's side: lets everybody go, now and later.</summary>
    public void Open() => _open.TrySetResult();
}
