using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Gateway.Routes;

/// <summary>
/// Calls mapped code for clients, on the thread pool: one call at a time for each client, and a bounded number of each piece of code, while others wait; when too many do, none is made. What it throws is logged; nothing of it
/// ends a session.
/// </summary>
internal sealed partial class ClientCalls(TimeProvider time, ILogger logger)
{
    private const int MaximumWaiting = 100_000;
    private static readonly Meter Meter = new("OrleansMqtt");
    private static readonly Counter<long> Called = Meter.CreateCounter<long>("orleansmqtt.routes.called", "{call}", "Calls of code that is mapped on connections and subscriptions");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("orleansmqtt.routes.failed", "{call}", "Calls of mapped code that have thrown, or could not be made");
    private static readonly Counter<long> TimedOut = Meter.CreateCounter<long>("orleansmqtt.routes.timed_out", "{call}", "Calls of mapped code that took too long");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("orleansmqtt.routes.dropped", "{event}", "Connections and subscriptions that mapped code was not called for, because too many calls waited");
    private int _waiting;

    /// <summary>Has work done for a client, behind what is to be done for it already, unless too much waits. Never waits itself.</summary>
    public void Begin(ClientConnection connection, Func<Task> work)
    {
        var isFull = Interlocked.Increment(ref _waiting) > MaximumWaiting;
        if (!isFull && connection.Calls.TryAdd(() => DoAsync(connection, work))) return;
        Interlocked.Decrement(ref _waiting);
        Dropped.Add(1);
        LogDropped(logger, connection.LogName);
    }

    private async Task DoAsync(ClientConnection connection, Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // A defect of ours: nobody else would hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, "", connection.LogName);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Calls code; its result, or null where there is none, whatever the reason.</summary>
    public async Task<object?> CallAsync(MappedCode code, ClientConnection connection, Func<CancellationToken, IRouteValues> values)
    {
        await code.Room.WaitAsync();
        try
        {
            if (connection.HasEnded) return null;
            Called.Add(1, Tag(code));
            return await CallNowAsync(code, connection, values);
        }
#pragma warning disable CA1031 // Whatever it is: users' code does not end a session.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(code, connection, exception);
            return null;
        }
        finally
        {
            code.Room.Release();
        }
    }

    /// <summary>Sends a result to the client.</summary>
    public async Task AnswerAsync(MappedCode code, ClientConnection connection, SubscribeContext context, object result)
    {
        try
        {
            var topic = context.OnlyTopic ?? throw new InvalidOperationException($"A result goes to the topic that was subscribed to, but {LogText.Escape(context.Filter)} has wildcards: SendAsync takes the topic.");
            await context.SendAsync(topic, code.Handler.Encode(result), QualityOfService.ExactlyOnce);
        }
#pragma warning disable CA1031 // As above: a codec may be a user's too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(code, connection, exception);
        }
    }

    private async Task<object?> CallNowAsync(MappedCode code, ClientConnection connection, Func<CancellationToken, IRouteValues> values)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(connection.Leaving);
        var (isAbandoned, reason) = (false, (string?)null);
        // Apart, so that code that blocks its thread is waited for no longer either.
        var call = Task.Run(async () => code.Handler.Invoke(values(cancellation.Token), out reason) is { } made ? await made : null, CancellationToken.None);
        try
        {
            var result = await call.WaitAsync(code.Timeout, time);
            if (reason is null) return result;
            Failed.Add(1, Tag(code));
            LogUnreadable(logger, code.Name, connection.LogName, reason);
            return null;
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            isAbandoned = true;
            TimedOut.Add(1, Tag(code));
            LogTimedOut(logger, code.Name, connection.LogName, code.Timeout);
            Abandon(code, connection, call, cancellation);
            return null;
        }
        finally
        {
            if (!isAbandoned) cancellation.Dispose();
        }
    }

    private void Abandon(MappedCode code, ClientConnection connection, Task call, CancellationTokenSource cancellation)
    {
        var cancelling = cancellation.CancelAsync();
        _ = Task.WhenAll(call, cancelling).ContinueWith(
            late =>
            {
                cancellation.Dispose();
                if (late.Exception is { } failure) LogFailed(logger, failure.InnerException!, code.Name, connection.LogName);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Fail(MappedCode code, ClientConnection connection, Exception exception)
    {
        Failed.Add(1, Tag(code));
        LogFailed(logger, exception, code.Name, connection.LogName);
    }

    private static KeyValuePair<string, object?> Tag(MappedCode code) => new("route", code.Name);

    [LoggerMessage(300, LogLevel.Warning, "Mapped code {Route} failed for client {ClientId}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string route, string clientId);

    [LoggerMessage(301, LogLevel.Warning, "Mapped code {Route} took longer than {Timeout} for client {ClientId}, and is no longer waited for.")]
    private static partial void LogTimedOut(ILogger logger, string route, string clientId, TimeSpan timeout);

    [LoggerMessage(302, LogLevel.Warning, "Mapped code {Route} was not called for client {ClientId}: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string route, string clientId, string reason);

    [LoggerMessage(303, LogLevel.Warning, "Mapped code was not called for client {ClientId}: too many calls wait.")]
    private static partial void LogDropped(ILogger logger, string clientId);
}
