using System.Collections.Immutable;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A gateway that writes down what it is given.</summary>
internal sealed class FakeGateway : IGatewayEndpoint
{
    /// <summary>Whether the connection is there.</summary>
    public bool Connected { get; set; } = true;

    /// <summary>Until this is completed a push has no answer.</summary>
    public Task Paused { get; set; } = Task.CompletedTask;

    /// <summary>Until this is completed no connection ends.</summary>
    public Task Closing { get; set; } = Task.CompletedTask;

    /// <summary>What the next pushes fail with.</summary>
    public Queue<Exception> Failures { get; } = [];

    private readonly TaskCompletionSource _pushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when something has been pushed.</summary>
    public Task Pushed => _pushed.Task;

    /// <summary>All pushes: connection and deliveries.</summary>
    public List<(long Epoch, ImmutableArray<SessionDelivery> Deliveries)> Pushes { get; } = [];

    /// <summary>The texts pushed to a connection, in order.</summary>
    public IEnumerable<string> Texts(long epoch) => Pushes.Where(p => p.Epoch == epoch).SelectMany(p => p.Deliveries).Select(d => d.Entry.Message.Text());

    public async Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries)
    {
        if (Failures.TryDequeue(out var failure)) throw failure;
        if (Connected)
        {
            Pushes.Add((epoch, deliveries));
            _pushed.TrySetResult();
        }
        await Paused;
        return Connected;
    }

    public async Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason)
    {
        await Closing;
        return true;
    }

    public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call) => ValueTask.FromResult<ImmutableArray<int>>([.. Enumerable.Repeat(1, call.Publishes.Count)]);

    public Task<RoutePage> ReadRoutesAsync(int partition, int page) => Task.FromResult(new RoutePage([], null));

    public Task<IGatewayConnections> GetConnectionsAsync() => Task.FromResult<IGatewayConnections>(Connections);

    /// <summary>What silos ask it that have lost sight of its connections.</summary>
    public FakeConnections Connections { get; init; } = new();
}
