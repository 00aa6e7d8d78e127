using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A message on its way to a session's log.</summary>
/// <param name="router">Passes it on if the session has ended.</param>
/// <param name="clientId">The session.</param>
/// <param name="entry">The message.</param>
/// <param name="tried">Members of its shared group that have ended and so did not take it.</param>
/// <param name="stream">What its publisher has on its way.</param>
/// <param name="done">Called when it is stored, there or elsewhere, or could not be.</param>
internal sealed class SessionAppend(Router router, string clientId, SessionLogEntry entry, string[] tried, PublishStream? stream, Action<Exception?> done) : StreamWrite(stream)
{
    public SessionLogEntry Entry => entry;

    protected override void Complete(Exception? failure)
    {
        if (failure is SessionEndedException) router.PassOn(entry, [.. tried, clientId], done);
        else done(failure);
    }
}
