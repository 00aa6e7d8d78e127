using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>What the mailboxes of one silo or client share.</summary>
internal sealed class TurnEnvironment(TimeProvider time, ITurnDispatcher dispatcher, TimeSpan responseTimeout, ILogger logger) : IDisposable
{
    public TimeProvider Time { get; } = time;

    public ITurnDispatcher Dispatcher { get; } = dispatcher;

    public CallClock Clock { get; } = new(time, responseTimeout);

    public ILogger Logger { get; } = logger;

    /// <summary>Set when the process these mailboxes stand for was killed: no further turn runs.</summary>
    public bool IsKilled { get; private set; }

    public void Kill() => IsKilled = true;

    public void Dispose() => Clock.Dispose();
}
