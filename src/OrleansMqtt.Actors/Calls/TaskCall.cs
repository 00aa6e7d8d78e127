using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Calls;

/// <summary>A call of a method that returns <see cref="Task"/>.</summary>
internal abstract class TaskCall : MethodCall
{
    private TaskCompletionSource? _reply;

    public sealed override bool AwaitsReply => _reply is { Task.IsCompleted: false };

    /// <summary>Sends the call; a one-way call is complete at once.</summary>
    public Task Send(GrainReference reference)
    {
        if (Shape.IsOneWay)
        {
            reference.Post(this);
            return Task.CompletedTask;
        }

        _reply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reference.Post(this);
        return _reply.Task;
    }

    public sealed override void Run(Mailbox mailbox)
    {
        Task task;
        try
        {
            task = Invoke(mailbox.Target) ?? throw NoTask();
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        FinishWhenDone(mailbox, task);
    }

    public sealed override void Fail(Exception exception) => _reply?.TrySetException(exception);

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink)
    {
        if (Shape.IsOneWay)
        {
            post(this);
            return;
        }

        _reply = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        post(this);
        _ = ReportAsync(ResultAsync(_reply.Task), sink);

        static async ValueTask<VoidResult> ResultAsync(Task task)
        {
            await task.ConfigureAwait(false);
            return default;
        }
    }

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result)
    {
        codec.ReadResult<VoidResult>(result);
        _reply?.TrySetResult();
    }

    /// <summary>Emitted: the call itself.</summary>
    protected abstract Task? Invoke(object target);

    protected sealed override void Settle(Task task) => _reply?.TrySetFromTask(task);
}

/// <summary>A call of a method that returns <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskCall<T> : MethodCall
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public sealed override bool AwaitsReply => !_reply.Task.IsCompleted;

    public Task<T> Send(GrainReference reference)
    {
        reference.Post(this);
        return _reply.Task;
    }

    public sealed override void Run(Mailbox mailbox)
    {
        Task<T> task;
        try
        {
            task = Invoke(mailbox.Target) ?? throw NoTask();
        }
        catch (Exception exception)
        {
            task = Task.FromException<T>(exception);
        }

        FinishWhenDone(mailbox, task);
    }

    public sealed override void Fail(Exception exception) => _reply.TrySetException(exception);

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink)
    {
        post(this);
        _ = ReportAsync(new ValueTask<T>(_reply.Task), sink);
    }

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result) => _reply.TrySetResult(codec.ReadResult<T>(result));

    /// <summary>Emitted: the call itself.</summary>
    protected abstract Task<T>? Invoke(object target);

    protected sealed override void Settle(Task task) => _reply.TrySetFromTask((Task<T>)task);
}
