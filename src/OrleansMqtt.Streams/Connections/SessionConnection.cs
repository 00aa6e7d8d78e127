using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Streams.Connections;

/// <summary>
/// A connection of a queue's session. It belongs to one grain: in its turns alone. Messages are not acknowledged until <see cref="AcknowledgeAsync"/>.
/// </summary>
internal sealed class SessionConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly PacketPipe _pipe;
    private readonly TimeProvider _time;
    private readonly Dictionary<ushort, TaskCompletionSource<ReasonCode>> _asked = [];
    private ushort _packetId;
    private bool _isOver;

    private SessionConnection(PacketPipe pipe, bool sessionPresent, TimeProvider time) => (_pipe, SessionPresent, _time) = (pipe, sessionPresent, time);

    /// <summary>Whether the broker had the session.</summary>
    public bool SessionPresent { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">It was refused, or the connection ended.</exception>
    public static async Task<SessionConnection> ConnectAsync(PacketPipe pipe, string clientId, int window, TimeProvider time)
    {
        try
        {
            await pipe.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = false, SessionExpiryInterval = uint.MaxValue, ReceiveMaximum = (ushort)window });
            return await pipe.ReceiveAsync() switch
            {
                ConnAckPacket { ReasonCode: ReasonCode.Success } connAck => new SessionConnection(pipe, connAck.SessionPresent, time),
                ConnAckPacket refused => throw new IOException($"The session of the queue was refused: {refused.ReasonCode}."),
                _ => throw new IOException("The connection of the queue's session ended before CONNACK."),
            };
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads until the connection is over.</summary>
    /// <param name="take">Takes a message, and says when there is room for the next one.</param>
    public async Task ReadAsync(Func<PublishPacket, ValueTask> take)
    {
        try
        {
            while (await _pipe.ReceiveAsync() is { } packet and not DisconnectPacket)
            {
                switch (packet)
                {
                    case PublishPacket publish:
                        await take(publish);
                        break;
                    case SubAckPacket subAck:
                        Settle(subAck.PacketId, subAck.ReasonCodes[0]);
                        break;
                    case UnsubAckPacket unsubAck:
                        Settle(unsubAck.PacketId, unsubAck.ReasonCodes[0]);
                        break;
                }
            }
        }
        finally
        {
            _isOver = true;
            foreach (var asked in _asked.Values) asked.TrySetException(new IOException("The connection of the queue's session is over."));
        }
    }

    /// <summary>Subscribes; when it returns, the subscription is in force in the whole cluster.</summary>
    /// <exception cref="UnauthorizedAccessException">The broker refuses the filter.</exception>
    /// <exception cref="IOException">The connection is over.</exception>
    /// <exception cref="TimeoutException">There was no answer.</exception>
    public async Task SubscribeAsync(string filter, uint identifier)
    {
        var subscription = new Subscription { Filter = filter, MaximumQoS = QualityOfService.AtLeastOnce, RetainAsPublished = true, RetainHandling = RetainHandling.DoNotSend };
        var granted = await AskAsync(packetId => new SubscribePacket { PacketId = packetId, SubscriptionIdentifier = identifier, Subscriptions = [subscription] });
        if (granted >= ReasonCode.UnspecifiedError) throw new UnauthorizedAccessException($"The broker refuses the subscription to {filter}: {granted}.");
    }

    /// <summary>Ends a subscription.</summary>
    /// <exception cref="IOException">The connection is over.</exception>
    /// <exception cref="TimeoutException">There was no answer.</exception>
    public Task UnsubscribeAsync(string filter) => AskAsync(packetId => new UnsubscribePacket { PacketId = packetId, Filters = [filter] });

    /// <summary>A message has been delivered, and needs not come again.</summary>
    /// <exception cref="IOException">The connection is over.</exception>
    public Task AcknowledgeAsync(ushort packetId) => _pipe.SendAsync(new AcknowledgementPacket(PacketType.PubAck) { PacketId = packetId });

    /// <summary>Makes reading end.</summary>
    public void Abort() => _pipe.Abort();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pipe.DisposeAsync();

    private async Task<ReasonCode> AskAsync(Func<ushort, Packet> request)
    {
        if (_isOver) throw new IOException("The connection of the queue's session is over.");
        do _packetId = _packetId == ushort.MaxValue ? (ushort)1 : (ushort)(_packetId + 1);
        while (_asked.ContainsKey(_packetId));
        var packetId = _packetId;
        var asked = _asked[packetId] = new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _pipe.SendAsync(request(packetId));
            return await asked.Task.WaitAsync(Patience, _time);
        }
        finally
        {
            _asked.Remove(packetId);
        }
    }

    private void Settle(ushort packetId, ReasonCode reason)
    {
        if (_asked.TryGetValue(packetId, out var asked)) asked.TrySetResult(reason);
    }
}
