using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// Ends all clients of a gateway that stops. In a cluster a few at a time, so that the other gateways get no storm. To be called when nobody is accepted any more.
/// </summary>
/// <remarks>
/// 0x9C, not 0x9D: a client keeps to 0x9D for good, and this gateway comes back after an upgrade. Wills are published as for any connection that the client did not end itself
/// [MQTT-3.1.2-8]; a will delay spares those that are connected again by then.
/// </remarks>
internal sealed class Drain(GatewayContext context)
{
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Completes when all connections are over and what was read from them is recorded.</summary>
    /// <param name="cancellationToken">All that are left go at once; if they do not end by then, it is cancelled.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> ended = [];
        var clients = new Queue<ClientConnection>();
        foreach (var connection in context.Connections.Connections)
        {
            // Who is not connected yet is told nothing, and tries the next gateway.
            if (context.IsAlone || connection.Subscriber is null) End(connection);
            else clients.Enqueue(connection);
        }
        await MoveAsync(clients, End, cancellationToken);
        await Task.WhenAll(ended).WaitAsync(cancellationToken);

        void End(ClientConnection connection)
        {
            connection.Close(context.Options.Drain.ServerReference is null ? ReasonCode.ServerShuttingDown : ReasonCode.UseAnotherServer, "the gateway stops");
            ended.Add(connection.Ended);
        }
    }

    private async Task MoveAsync(Queue<ClientConnection> clients, Action<ClientConnection> end, CancellationToken cancellationToken)
    {
        var (options, time, start) = (context.Options.Drain, context.Time, context.Time.GetTimestamp());
        long moved = 0;
        while (clients.Count > 0)
        {
            var elapsed = time.GetElapsedTime(start);
            var isOver = elapsed >= options.MaxTime || cancellationToken.IsCancellationRequested;
            var due = (long)((elapsed + Step).TotalSeconds * options.ClientsPerSecond) + 1;
            while ((isOver || moved < due) && clients.TryDequeue(out var client))
            {
                // It may have gone by itself.
                if (!client.HasEnded) moved++;
                end(client);
            }
            if (clients.Count > 0) await Task.Delay(Step, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
