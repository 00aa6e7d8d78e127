namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>What a reference sends its calls to: a mailbox, a set of them, or later a connection to another process.</summary>
internal interface ICallTarget
{
    /// <summary>Takes the call, or returns false if it never will again, so that the sender looks for the grain's present home.</summary>
    bool TryPost(Call call);
}
