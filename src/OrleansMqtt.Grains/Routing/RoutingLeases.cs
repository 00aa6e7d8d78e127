using System.Globalization;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Whether this silo may route: in a cluster while it has a lease of every partition, counted from before it asked for each, and is a member for certain (<see cref="ISiloFence"/>), if that can be known.</summary>
internal sealed class RoutingLeases : IClusterPresence
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _duration;
    private readonly long[] _ends;
    private readonly long[] _revoked;
    private readonly ISiloFence? _fence;
    private TaskCompletionSource? _awaited;
    private long _firstEnd = long.MaxValue;

    /// <summary>For an embedded broker, which needs none.</summary>
    public RoutingLeases() => (_time, _ends, _revoked) = (TimeProvider.System, [], []);

    /// <summary>For a silo of a cluster, which has none at first.</summary>
    /// <param name="partitions">How many partitions there are.</param>
    /// <param name="times">How long leases are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fence">Whether the silo may serve.</param>
    /// <param name="leaving">Cancelled when the silo leaves the cluster.</param>
    public RoutingLeases(int partitions, LeaseTimes times, TimeProvider time, ISiloFence? fence = null, CancellationToken leaving = default)
    {
        (Leaving, _fence) = (leaving, fence);
        (_time, _duration, _ends, _revoked) = (time, (long)(times.ReplicaWith(fence).TotalSeconds * time.TimestampFrequency), new long[partitions], new long[partitions]);
        Array.Fill(_ends, long.MinValue);
        Array.Fill(_revoked, long.MinValue);
        _firstEnd = long.MinValue;
    }

    /// <summary>
    /// Whether a publish may be routed now. To be asked before it is: one that is under way when a lease ends came before any change that the silo is not told of was in force.
    /// </summary>
    public bool AreInForce
    {
        get
        {
            var end = Volatile.Read(ref _firstEnd);
            return end == long.MaxValue || (_time.GetTimestamp() < end && _fence is not { IsHeld: false });
        }
    }

    /// <summary>Cancelled when the silo leaves the cluster: whoever waits here is better served elsewhere.</summary>
    public CancellationToken Leaving { get; }

    /// <summary>Raised when a lease has been ended by who gave it: a partition moves, and the next one to ask is its new home. On whichever thread ends it.</summary>
    public event Action<int>? Revoked;

    /// <summary>Waits until a publish may be routed; false if that is not so within <paramref name="patience"/>, or when the silo leaves.</summary>
    public async Task<bool> AwaitAsync(TimeSpan patience)
    {
        var start = _time.GetTimestamp();
        while (!AreInForce)
        {
            Task awaited;
            lock (_lock)
            {
                if (AreInForce) return true;
                awaited = (_awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (_time.GetElapsedTime(start) >= patience) return false;
            try
            {
                await awaited.WaitAsync(patience - _time.GetElapsedTime(start), _time, Leaving);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                return AreInForce;
            }
        }
        return true;
    }

    /// <inheritdoc/>
    public bool IsPresent => AreInForce;

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            lock (_lock)
            {
                var (now, count) = (_time.GetTimestamp(), _ends.Length);
                var held = _ends.Count(end => now < end);
                if (_fence is { IsHeld: false }) return "does not know whether it is still a member";
                return held == count
                    ? string.Create(CultureInfo.InvariantCulture, $"knows the routes of all {count} partitions")
                    : string.Create(CultureInfo.InvariantCulture, $"waits for the routes of {count - held} of {count} partitions");
            }
        }
    }

    /// <summary>A topic grain has given or extended a lease.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="asked">Time stamp from before it was asked.</param>
    public void Extend(int partition, long asked)
    {
        lock (_lock)
        {
            // The answer was on its way when the lease was ended.
            if (asked <= _revoked[partition]) return;
            _ends[partition] = Math.Max(_ends[partition], asked + _duration);
            Volatile.Write(ref _firstEnd, _ends.Min());
            if (_awaited is null || !AreInForce) return;
            _awaited.SetResult();
            _awaited = null;
        }
    }

    /// <summary>A lease is over, whatever is on its way to extend it.</summary>
    public void Revoke(int partition)
    {
        lock (_lock)
        {
            (_ends[partition], _revoked[partition]) = (long.MinValue, _time.GetTimestamp());
            Volatile.Write(ref _firstEnd, long.MinValue);
        }
        Revoked?.Invoke(partition);
    }
}
