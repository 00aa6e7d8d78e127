using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>What a client does with its persistent session, on the way to the session's grain: in order, in batches, one call in flight.</summary>
internal sealed class SessionChannel
{
    private readonly Gathering<SessionOperation> _operations;

    public SessionChannel(ISessionGrain session, long epoch, ClientConnection connection, ILogger logger) => _operations = new Gathering<SessionOperation>(async batch =>
    {
        if (await session.OperateAsync(epoch, [.. batch])) return;
        // Another connection has the session: what this client does from now on must have no effect.
        connection.Close(ReasonCode.SessionTakenOver, "its session belongs to another connection");
        throw new InvalidOperationException("The session belongs to another connection.");
    }, logger, together: DeliveryBatch.Run);

    /// <summary>Records something; <paramref name="done"/> is called when it is recorded or could not be.</summary>
    public void Record(SessionOperation operation, Action<Exception?> done) => _operations.TryAdd(operation, done);

    /// <summary>Completes when everything is recorded, or could not be.</summary>
    public Task DrainAsync() => _operations.BarrierAsync();
}
