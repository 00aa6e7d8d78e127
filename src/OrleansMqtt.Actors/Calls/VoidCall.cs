using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Calls;

/// <summary>A call of an observer method that returns nothing, always one-way.</summary>
internal abstract class VoidCall : MethodCall
{
    public sealed override bool AwaitsReply => false;

    public void Send(GrainReference reference) => reference.Post(this);

    public sealed override void Run(Mailbox mailbox)
    {
        var task = Task.CompletedTask;
        try
        {
            Invoke(mailbox.Target);
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        Finish(mailbox, task);
    }

    public sealed override void Fail(Exception exception)
    {
    }

    public sealed override void Serve(Action<MethodCall> post, IReplySink sink) => post(this);

    public sealed override void Succeed(CallCodec codec, ReadOnlyMemory<byte> result) => throw new WireFormatException($"An answer came to {Name}, which has none.");

    /// <summary>Emitted: the call itself.</summary>
    protected abstract void Invoke(object target);

    protected sealed override void Settle(Task task)
    {
    }
}
