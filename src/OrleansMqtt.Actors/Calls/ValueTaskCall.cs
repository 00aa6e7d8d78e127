using System.Threading.Tasks.Sources;
using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Calls;

/// <summary>
/// A call of a method that returns <see cref="ValueTask{TResult}"/>: it is its own completion source. When it was made in another process, a caller that is not bound to the turns of a grain
/// goes on on the receiving thread: it must not block.
/// </summary>
internal abstract class ValueTaskCall<T> : MethodCall, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _reply = new() { RunContinuationsAsynchronously = true };
    private int _settled;
    private ServedReply? _served;

    protected short Version => _reply.Version;

    public sealed override bool AwaitsReply => Volatile.Read(ref _settled) == 0 && !Shape.IsOneWay;

    public ValueTask<T> Send(GrainReference reference)
    {
        reference.Post(this);
        return new ValueTask<T>(this, _reply.Version);
    }

    public sealed override void Run(Mailbox mailbox)
    {
        ValueTask<T> task;
        try
        {
            task = Invoke(mailbox.Target);
        }
        catch (Exception exception)
        {
            task = ValueTask.FromException<T>(exception);
        }

        if (task.IsCompletedSuccessfully)
        {
            var result = task.Result;
            mailbox.Finished(this);
            Settle(result);
        }
        else
        {
            FinishWhenDone(mailbox, task.AsTask());
        }
    }

    public sealed override void Fail(Exception exception)
    {
        if (!TrySettle())
        {
            return;
        }

        if (_served is null)
        {
            _reply.SetException(exception);
        }
        else
        {
            _served.Failed(exception);
        }
    }

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink)
    {
        _served = Shape.IsOneWay ? null : new ServedReply(sink);
        post(this);
    }

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result)
    {
        var value = codec.ReadResult<T>(result);

        // On the thread that has received it: to wake another one would cost more than most callers have to do then.
        _reply.RunContinuationsAsynchronously = false;
        Settle(value);
    }

    T IValueTaskSource<T>.GetResult(short token) => _reply.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _reply.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reply.OnCompleted(continuation, state, token, flags);

    /// <summary>Emitted: the call itself.</summary>
    protected abstract ValueTask<T> Invoke(object target);

    protected sealed override void Settle(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            Settle(((Task<T>)task).Result);
        }
        else
        {
            Fail(FailureOf(task));
        }
    }

    private void Settle(T result)
    {
        if (!TrySettle())
        {
            return;
        }

        if (_served is null)
        {
            _reply.SetResult(result);
        }
        else
        {
            _served.Succeeded(result);
        }
    }

    private bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;
}

/// <summary>A call of a method that returns <see cref="ValueTask"/>.</summary>
internal abstract class ValueTaskCall : ValueTaskCall<VoidResult>, IValueTaskSource
{
    /// <summary>Sends the call; a one-way call is complete at once.</summary>
    public new ValueTask Send(GrainReference reference)
    {
        reference.Post(this);
        return Shape.IsOneWay ? default : new ValueTask(this, Version);
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<VoidResult>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ((IValueTaskSource<VoidResult>)this).GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        ((IValueTaskSource<VoidResult>)this).OnCompleted(continuation, state, token, flags);

    /// <summary>Emitted: the call itself.</summary>
    protected abstract ValueTask InvokeVoid(object target);

    protected sealed override ValueTask<VoidResult> Invoke(object target)
    {
        var task = InvokeVoid(target);
        return task.IsCompletedSuccessfully ? default : Await(task);

        static async ValueTask<VoidResult> Await(ValueTask task)
        {
            await task.ConfigureAwait(false);
            return default;
        }
    }
}

internal readonly struct VoidResult;
