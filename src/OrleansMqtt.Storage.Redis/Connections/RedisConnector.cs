using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage.Redis.Keys;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>Keeps one usable <see cref="RedisLink"/>: makes another when it is lost, with growing pauses between the attempts.</summary>
internal sealed class RedisConnector(
    RedisStoreOptions options, ConfigurationOptions configuration, RedisKeys keys, RedisStatus status, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2), LaterPause = TimeSpan.FromMilliseconds(50);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopped = new();
    private Task<RedisLink>? _link;
    private long? _earlier;

    /// <summary>The first connection. A server that is loading its data is waited for.</summary>
    /// <exception cref="StoreUnusableException">Redis cannot be used as configured.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var link = await OpenAsync();
                lock (_lock) _link = Task.FromResult(link);
                return;
            }
            catch (RedisException exception) when (IsLoading(exception))
            {
                SetOutage(Describe(exception));
            }
            catch (Exception exception) when (exception is RedisException or SocketException or TimeoutException)
            {
                throw new StoreUnusableException(Describe(exception), exception);
            }
            await Task.Delay(LaterPause, time, cancellationToken);
        }
    }

    /// <summary>A link that is usable as far as is known; waits, without bound, until there is one. Canceled when the store has been closed.</summary>
    public Task<RedisLink> GetAsync()
    {
        lock (_lock) return _link ??= ReopenAsync();
    }

    /// <summary>Replaces a link, unless that has been done.</summary>
    /// <param name="lost">The link that does not work.</param>
    /// <param name="reason">Why; null when it is told by an event.</param>
    public void Lose(RedisLink lost, string? reason = null)
    {
        lock (_lock)
        {
            if (_link is not { IsCompletedSuccessfully: true } current || current.Result != lost || _stopped.IsCancellationRequested) return;
            _earlier = lost.Id;
            SetOutage($"The connection to {status.Description} is lost{(reason is null ? "" : $" ({reason})")}.");
            _link = ReopenAsync();
        }
        // The loss may be told by a thread of the connection itself.
        _ = Task.Run(lost.Dispose);
    }

    /// <summary>Does what has to be done before a command that failed is tried again.</summary>
    public async Task RecoverAsync(RedisLink link, RedisFailure failure, string? reason)
    {
        switch (failure)
        {
            case RedisFailure.Connection:
                Lose(link, reason);
                break;
            case RedisFailure.Later:
                await Task.Delay(LaterPause, time).ConfigureAwait(false);
                break;
            case RedisFailure.Script:
                try
                {
                    await link.LoadScriptsAsync().WaitAsync(options.AnswerTimeout, time).ConfigureAwait(false);
                }
                catch (Exception exception) when (RedisFailures.Classify(exception) != RedisFailure.Final)
                {
                    Lose(link, exception.Message);
                }
                break;
        }
    }

    public void Dispose()
    {
        Task<RedisLink>? link;
        lock (_lock)
        {
            _stopped.Cancel();
            (link, _link) = (_link, Task.FromCanceled<RedisLink>(_stopped.Token));
        }
        if (link is { IsCompletedSuccessfully: true }) link.Result.Dispose();
    }

    private async Task<RedisLink> ReopenAsync()
    {
        for (var pause = FirstPause; ; pause = BackOff.After(pause, FirstPause, LongestPause))
        {
            // Away from the caller's stack, which may hold locks; and a pause, since who lost a connection at once may lose the next one as well.
            await Task.Delay(pause, time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                var link = await OpenAsync();
                if (!_stopped.IsCancellationRequested) return link;
                link.Dispose();
            }
#pragma warning disable CA1031 // Whatever it is, writes wait, the status says why, and the next attempt follows.
            catch (Exception exception) when (!_stopped.IsCancellationRequested)
#pragma warning restore CA1031
            {
                SetOutage(Describe(exception));
            }
        }
    }

    private async Task<RedisLink> OpenAsync()
    {
        var link = await RedisLink.OpenAsync(configuration);
        try
        {
            await PrepareAsync(link).WaitAsync(options.AnswerTimeout, time);
        }
        catch
        {
            link.Dispose();
            throw;
        }
        _earlier = null;
        status.Outage = null;
        RedisLog.LogConnected(logger, status.Description, options.Durability);
        return link;
    }

    private async Task PrepareAsync(RedisLink link)
    {
        await link.PrepareAsync(lost => Lose(lost));
        if (_earlier is { } earlier && earlier != link.Id) await EndAsync(link, earlier);
        var shortfall = await RedisRequirements.FindShortfallAsync(link, options, status.Description);
        if (shortfall is not null && options.Strict) throw new StoreUnusableException(shortfall);
        if (shortfall is not null) RedisLog.LogShortfall(logger, shortfall);
        status.Shortfall = shortfall;
        await RedisFormat.EnsureAsync(link, keys, status.Description);
        await RedisRuntime.EnsureAsync(link, keys, status.Description);
    }

    private async Task EndAsync(RedisLink link, long earlier)
    {
        try
        {
            await link.EndAsync(earlier);
        }
        catch (RedisServerException exception)
        {
            RedisLog.LogNotEnded(logger, exception.Message);
        }
    }

    private void SetOutage(string problem)
    {
        if (status.Problem != problem) RedisLog.LogLost(logger, problem);
        status.Outage = problem;
    }

    private string Describe(Exception exception) => exception switch
    {
        StoreUnusableException => exception.Message,
        _ when IsLoading(exception) => $"{Server} is loading its data.",
        _ when IsRefused(exception) => $"{Server} refuses the password: give the right one as password=… in {options.SettingName}.",
        RedisConnectionException or SocketException or TimeoutException => $"{Server} cannot be reached: start Redis there, or correct the address in {options.SettingName}.",
        _ => $"{Server} cannot be used: {exception.Message}",
    };

    // As version 1 of the client says it, version 2, and Redis.
    private static bool IsRefused(Exception exception) => exception.Message.Contains("AuthenticationFailure", StringComparison.Ordinal)
        || exception.Message.Contains("authentication failure", StringComparison.Ordinal) || exception.Message.StartsWith("NOAUTH", StringComparison.Ordinal);

    // The client wraps what it was told when it connected.
    private static bool IsLoading(Exception exception) => exception.Message.Contains("LOADING Redis is loading", StringComparison.Ordinal);

    private string Server => "R" + status.Description[1..];
}
