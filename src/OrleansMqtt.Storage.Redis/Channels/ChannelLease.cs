using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>The right of one silo of a cluster to subscribe: a lease in the store that all silos share.</summary>
internal sealed class ChannelLease(ILeaseStore store, TimeProvider time, ILogger logger)
{
    /// <summary>How long it lasts without being renewed: what is published in so much time is lost when the silo that has it is.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <summary>How often it is renewed by who has it, and asked for by the others.</summary>
    public static readonly TimeSpan Renewal = Duration / 3;

    private const string Name = "redis-channels";
    // The holder counts from before it asked, and its clock may be slow.
    private static readonly TimeSpan Counted = Duration * 0.95;
    private readonly string _holder = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private Lease? _lease;
    private long _asked;
    private bool _isUnknown;

    /// <summary>Whether this silo has it, by its own count.</summary>
    public bool IsHeld => Volatile.Read(ref _lease) is not null && time.GetElapsedTime(Volatile.Read(ref _asked)) < Counted;

    /// <summary>Takes it, or renews it, if nobody else has it.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            var lease = await store.AcquireAsync(Name, _holder, Duration).AsTask().WaitAsync(Duration, time, cancellationToken);
            Volatile.Write(ref _asked, asked);
            Volatile.Write(ref _lease, lease);
            _isUnknown = false;
        }
#pragma warning disable CA1031 // Whatever it is, the log says so, and the next attempt follows.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_isUnknown && !cancellationToken.IsCancellationRequested) ChannelLog.LogNoLease(logger, exception.Message);
            _isUnknown = true;
        }
    }

    /// <summary>Gives it back, so that the next one need not wait for its end.</summary>
    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _lease, null) is not { } lease) return;
        try
        {
            await store.ReleaseAsync(lease).AsTask().WaitAsync(Renewal, time);
        }
#pragma warning disable CA1031 // Whatever it is, the silo stops.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // It ends by itself.
            ChannelLog.LogNoLease(logger, exception.Message);
        }
    }
}
