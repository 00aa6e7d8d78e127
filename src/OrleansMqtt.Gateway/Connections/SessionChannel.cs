using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
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
        if (await RecordAsync(session, epoch, batch, connection)) return;
        // What this client does from now on must have no effect. Who takes a session over closes the connection before: mostly it is the session's silo that has been lost.
        connection.Close(ReasonCode.ServerBusy, "its session does not know the connection any more");
        throw new InvalidOperationException("The session does not know the connection any more.");
    }, logger, together: DeliveryBatch.Run);

    private static async Task<bool> RecordAsync(ISessionGrain session, long epoch, List<SessionOperation> batch, ClientConnection connection)
    {
        try
        {
            return await session.OperateAsync(epoch, [.. batch]);
        }
        catch (Exception exception) when (PassingFailure.Is(exception))
        {
            connection.Close(ReasonCode.ServerBusy, "the silo of its session was lost");
            throw;
        }
    }

    /// <summary>Records something; <paramref name="done"/> is called when it is recorded or could not be.</summary>
    public void Record(SessionOperation operation, Action<Exception?> done) => _operations.TryAdd(operation, done);

    /// <summary>Completes when everything is recorded, or could not be.</summary>
    public Task DrainAsync() => _operations.BarrierAsync();
}
