namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>Where calls wait for their answers.</summary>
internal interface IWaiting
{
    /// <summary>Ends calls that waited too long. False: nobody waits for an answer, so there is nothing to watch.</summary>
    bool FailOverdueCalls();
}
