using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>
/// Publishes on topics what comes by channels, while this silo is the one that does so. What is published while nobody subscribes, as Redis is away or another silo has yet to take over, is lost: channels keep nothing.
/// </summary>
/// <param name="options">What to subscribe to.</param>
/// <param name="configuration">Where.</param>
/// <param name="inlet">Where messages go.</param>
/// <param name="lease">The right to do it; null for a broker that is alone.</param>
/// <param name="counts">What has come.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class ChannelSubscriber(
    RedisChannelOptions options, ConfigurationOptions configuration, IPublishInlet inlet, ChannelLease? lease, ChannelCounts counts, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How many messages may wait for receivers before no more are read.</summary>
    public const int MostWaiting = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(5);
    private readonly ChannelPatterns _patterns = new(options.Subscribe);
    private readonly byte[] _marker = ChannelMarker.ChannelOf(options.ClusterId);
    private readonly CancellationTokenSource _stop = new();
    private CancellationToken _stopping;
    private readonly SemaphoreSlim _room = new(MostWaiting);
    private readonly ChannelOutage _outage = new(problem => ChannelLog.LogNotReceiving(logger, problem), () => ChannelLog.LogReceiving(logger, options.Subscribe.Count));
    private Task _running = Task.CompletedTask;

    private bool IsItsTurn => lease is null || lease.IsHeld;

    /// <summary>Begins, and does not wait for Redis.</summary>
    public Task StartAsync()
    {
        _stopping = _stop.Token;
        _running = Task.Run(RunAsync);
        return Task.CompletedTask;
    }

    /// <summary>Ends the subscription, and lets another silo have it.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync()
    {
        var receiving = Task.CompletedTask;
        while (!_stopping.IsCancellationRequested)
        {
            if (lease is not null) await lease.TakeAsync(_stopping);
            if (receiving.IsCompleted && IsItsTurn) receiving = ReceiveAsync();
            await Task.Delay(ChannelLease.Renewal, time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await receiving;
        if (lease is not null) await lease.ReleaseAsync();
    }

    // As long as it is this silo's turn.
    private async Task ReceiveAsync()
    {
        for (var pause = TimeSpan.Zero; IsItsTurn && !_stopping.IsCancellationRequested; pause = BackOff.After(pause, FirstPause, LongestPause))
        {
            await Task.Delay(pause, time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await using var connection = await ConnectAsync();
                var subscription = new ChannelSubscription(connection, _patterns, _marker, options.QoS, counts, time);
                await subscription.BeginAsync(_stopping).WaitAsync(ConnectTimeout, time, _stopping);
                _outage.End();
                pause = TimeSpan.Zero;
                await ReceiveAsync(subscription);
            }
#pragma warning disable CA1031 // Whatever it is, the log says so, and the next attempt follows.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested) _outage.Begin(exception is OperationCanceledException ? "Redis does not answer." : exception.Message);
            }
        }
    }

    private async Task<RespConnection> ConnectAsync()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        enough.CancelAfter(ConnectTimeout);
        return await RespConnection.OpenAsync(options.ConnectionString, configuration, enough.Token);
    }

    private async Task ReceiveAsync(ChannelSubscription subscription)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        var watching = subscription.WatchAsync(ended.Token);
        try
        {
            while (true)
            {
                var messages = await subscription.ReadAsync(ended.Token);
                // Another silo may have them already.
                if (!IsItsTurn) return;
                if (messages.Count > 0) await RouteAsync(messages);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    private async Task RouteAsync(IReadOnlyList<Message> messages)
    {
        try
        {
            var pending = await inlet.RouteAsync(messages);
            counts.CountReceived(messages.Count);
            foreach (var waiting in pending)
            {
                await _room.WaitAsync(_stopping);
                waiting.OnCompleted(static room => ((SemaphoreSlim)room!).Release(), _room);
            }
        }
        catch (NoRoutingLeaseException)
        {
            counts.CountDropped(ChannelDrop.NotRouted, messages.Count);
            ChannelLog.LogNotRouted(logger, messages.Count);
        }
    }
}
