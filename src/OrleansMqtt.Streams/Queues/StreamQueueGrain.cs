using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Streams.Connections;

namespace OrleansMqtt.Streams.Queues;

/// <inheritdoc cref="IStreamQueueGrain"/>
[Reentrant]
internal sealed partial class StreamQueueGrain(
    [PersistentState("mqtt-streams")] IPersistentState<StreamQueueState> state, StreamGateway gateway, IOptionsMonitor<MqttStreamOptions> options, TimeProvider time, ILogger<StreamQueueGrain> logger)
    : Grain, IStreamQueueGrain, IDisposable
{
    private const int PositionBits = 40;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.2);
    // What a silo that is lost takes the broker.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<uint, string> _filters = [];
    private readonly SemaphoreSlim _writing = new(1);
    private WaitingMessages _waiting = new(0);
    private TaskCompletionSource<SessionConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionConnection? _connection;
    private Task _running = Task.CompletedTask;

    private string Name => this.GetPrimaryKeyString();

    private int Window => options.Get(QueueName.ProviderOf(Name)).Window;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.ClientId.Length == 0) state.State.ClientId = $"$streams/{Name}/{Guid.NewGuid():N}";
        state.State.Activations++;
        await state.WriteStateAsync(cancellationToken);
        foreach (var (filter, identifier) in state.State.Filters) _filters[identifier] = filter;
        _waiting = new WaitingMessages(state.State.Activations << PositionBits);
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _connection?.Abort();
        _connected.TrySetException(new IOException("The queue moves."));
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _writing.Dispose();
    }

    /// <inheritdoc/>
    public async Task SubscribeAsync(string filter)
    {
        // Without asking again: an answer would come behind messages that wait for whoever asks.
        if (state.State.Granted.Contains(filter)) return;
        if (!state.State.Filters.TryGetValue(filter, out var identifier))
        {
            // First what it means, then the subscription: its messages may come at once.
            identifier = ++state.State.LastIdentifier;
            state.State.Filters[filter] = identifier;
            _filters[identifier] = filter;
            await WriteAsync();
        }
        await (await ConnectedAsync()).SubscribeAsync(filter, identifier);
        state.State.Granted.Add(filter);
        await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(string filter)
    {
        if (!state.State.Filters.TryGetValue(filter, out var identifier)) return;
        state.State.Granted.Remove(filter);
        await (await ConnectedAsync()).UnsubscribeAsync(filter);
        _filters.Remove(identifier);
        state.State.Filters.Remove(filter);
        await WriteAsync();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<QueuedMessage>> ReadAsync(long after, int maximum) => Task.FromResult(_waiting.Read(after, maximum));

    /// <inheritdoc/>
    public async Task AcknowledgeAsync(long through)
    {
        var done = _waiting.Remove(through);
        if (_connection is not { } connection) return;
        foreach (var packetId in done) await connection.AcknowledgeAsync(packetId);
    }

    // One after the other: each takes the place of the one before.
    private async Task WriteAsync()
    {
        await _writing.WaitAsync();
        try
        {
            await state.WriteStateAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private Task<SessionConnection> ConnectedAsync() => _connected.Task.WaitAsync(Patience, time);

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ServeAsync();
            }
#pragma warning disable CA1031 // Whatever it was, the session goes on by another connection.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested) LogConnectionOver(logger, exception, Name, Rest);
            }
            await Task.Delay(Rest, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task ServeAsync()
    {
        await using var connection = await SessionConnection.ConnectAsync(await gateway.ConnectAsync(), state.State.ClientId, Window, time);
        if (_stopping.IsCancellationRequested) return;
        // What was not acknowledged comes again, and is acknowledged by what it comes by.
        _waiting.RemoveRepeated();
        _connection = connection;
        try
        {
            var reading = connection.ReadAsync(TakeAsync);
            if (!connection.SessionPresent) await SubscribeAnewAsync(connection);
            _connected.TrySetResult(connection);
            await reading;
        }
        finally
        {
            _connection = null;
            if (_connected.Task.IsCompletedSuccessfully) _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    // The session is a new one: the first, or one in the place of another that the store has lost.
    private async Task SubscribeAnewAsync(SessionConnection connection)
    {
        state.State.Granted.Clear();
        foreach (var (filter, identifier) in state.State.Filters.ToList())
        {
            await connection.SubscribeAsync(filter, identifier);
            state.State.Granted.Add(filter);
        }
        await WriteAsync();
    }

    private async ValueTask TakeAsync(PublishPacket publish)
    {
        List<string> filters = [];
        foreach (var identifier in publish.SubscriptionIdentifiers)
            if (_filters.TryGetValue(identifier, out var filter)) filters.Add(filter);
        if (filters.Count > 0) _waiting.Add(MessageOf(publish), filters, publish.QoS == QualityOfService.AtMostOnce ? (ushort)0 : publish.PacketId);
        // Of a subscription that has ended meanwhile.
        else if (publish.QoS != QualityOfService.AtMostOnce) await _connection!.AcknowledgeAsync(publish.PacketId);
        await _waiting.WhenRoom(2 * Window).AsTask().WaitAsync(_stopping.Token);
    }

    private static MqttMessage MessageOf(PublishPacket publish) => new()
    {
        Topic = publish.Topic,
        Payload = publish.Payload.ToArray(),
        QoS = publish.QoS,
        Retain = publish.Retain,
        ContentType = publish.ContentType,
        ResponseTopic = publish.ResponseTopic,
        CorrelationData = publish.CorrelationData,
        UserProperties = [.. publish.UserProperties.Select(static property => KeyValuePair.Create(property.Name, property.Value))],
    };

    [LoggerMessage(1, LogLevel.Warning, "The connection of stream queue {Queue} is over; its session goes on by another one in {Rest}.")]
    private static partial void LogConnectionOver(ILogger logger, Exception exception, string queue, TimeSpan rest);
}
