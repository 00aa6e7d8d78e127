namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>The rest of an asynchronous method, or a task that the grain started.</summary>
internal sealed class Continuation(Task task) : WorkItem
{
    public override void Run(Mailbox mailbox) => mailbox.Execute(task);
}
