using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;

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

    /// <summary>Emitted: the call itself.</summary>
    protected abstract void Invoke(object target);

    protected sealed override void Settle(Task task)
    {
    }
}
