using Microsoft.Extensions.Logging;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Calls;

/// <summary>
/// A call of an interface method. For each method a class is emitted that adds the arguments as fields and the call itself; it runs
/// without reflection and boxes nothing.
/// </summary>
internal abstract class MethodCall : Call
{
    /// <summary>Overridden by the emitted class.</summary>
    public abstract MethodShape Shape { get; }

    public sealed override bool AlwaysInterleaves => Shape.AlwaysInterleaves;

    public sealed override bool IsReadOnly => Shape.IsReadOnly;

    public sealed override TimeSpan? ResponseTimeout => Shape.ResponseTimeout;

    public sealed override string Name => Shape.Name;

    /// <summary>How often it was sent to a process that turned out not to hold the grain.</summary>
    public byte Hops { get; set; }

    /// <summary>Makes the call for a caller in another process: posts it and tells the sink what comes of it, on the thread on which it ends, unless it is one-way.</summary>
    public abstract void Serve(Action<MethodCall> post, IReplySink sink);

    /// <summary>Settles the call with the result that another process has sent.</summary>
    /// <exception cref="WireFormatException">The bytes are no such result.</exception>
    public abstract void Succeed(CallCodec codec, ReadOnlyMemory<byte> result);

    /// <summary>Settles the call when the grain's task has ended, and lets the mailbox go on first: a caller that calls again
    /// at once finds the grain free.</summary>
    protected void FinishWhenDone(Mailbox mailbox, Task task)
    {
        if (task.IsCompleted)
        {
            Finish(mailbox, task);
        }
        else
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => Finish(mailbox, task));
        }
    }

    protected void Finish(Mailbox mailbox, Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            var exception = task.Exception?.InnerException;
            mailbox.OnCallFailed(this, exception);
            if (Shape.IsOneWay && exception is not null)
            {
                CallLog.OneWayFailed(mailbox.Logger, Name, mailbox, exception);
            }
        }

        mailbox.Finished(this);
        Settle(task);
    }

    protected InvalidOperationException NoTask() => new($"{Name} returned null instead of a task.");

    /// <summary>What the task failed with.</summary>
    protected static Exception FailureOf(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);

    /// <summary>Hands the outcome of the grain's task to the caller, unless the call ended before.</summary>
    protected abstract void Settle(Task task);
}

internal static partial class CallLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "The one-way call {Method} on {Target} failed.")]
    public static partial void OneWayFailed(ILogger logger, string method, object target, Exception exception);
}
