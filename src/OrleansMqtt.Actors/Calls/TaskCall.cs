using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Calls;

/// <summary>A call of a method that returns <see cref="Task"/>.</summary>
internal abstract class TaskCall : MethodCall
{
    private TaskCompletionSource? _reply;
    private ServedReply? _served;

    public sealed override bool AwaitsReply => _reply is { Task.IsCompleted: false } || _served is { IsSettled: false };

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

    public sealed override void Fail(Exception exception)
    {
        _reply?.TrySetException(exception);
        _served?.Failed(exception);
    }

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink)
    {
        _served = Shape.IsOneWay ? null : new ServedReply(sink);
        post(this);
    }

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result)
    {
        var nothing = codec.ReadResult<VoidResult>(result);
        _reply?.TrySetResult();
        _served?.Succeeded(nothing);
    }

    /// <summary>Emitted: the call itself.</summary>
    protected abstract Task? Invoke(object target);

    protected sealed override void Settle(Task task)
    {
        _reply?.TrySetFromTask(task);
        if (task.IsCompletedSuccessfully)
        {
            _served?.Succeeded(default(VoidResult));
        }
        else
        {
            _served?.Failed(FailureOf(task));
        }
    }
}

/// <summary>A call of a method that returns <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskCall<T> : MethodCall
{
    private TaskCompletionSource<T>? _reply;
    private ServedReply? _served;

    public sealed override bool AwaitsReply => _reply is { Task.IsCompleted: false } || _served is { IsSettled: false };

    public Task<T> Send(GrainReference reference)
    {
        _reply = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
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

    public sealed override void Fail(Exception exception)
    {
        _reply?.TrySetException(exception);
        _served?.Failed(exception);
    }

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink)
    {
        _served = new ServedReply(sink);
        post(this);
    }

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result)
    {
        var value = codec.ReadResult<T>(result);
        _reply?.TrySetResult(value);
        _served?.Succeeded(value);
    }

    /// <summary>Emitted: the call itself.</summary>
    protected abstract Task<T>? Invoke(object target);

    protected sealed override void Settle(Task task)
    {
        _reply?.TrySetFromTask((Task<T>)task);
        if (task.IsCompletedSuccessfully)
        {
            _served?.Succeeded(((Task<T>)task).Result);
        }
        else
        {
            _served?.Failed(FailureOf(task));
        }
    }
}
