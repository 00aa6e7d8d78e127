using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Takeover;

/// <summary>What a gateway does for silos that have lost sight of its connections.</summary>
public sealed class UnknownConnectionTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<string, Func<object?>, object?> _between = static (_, next) => next();
    private TestMesh _mesh = null!;
    private TestBroker _gateway = null!;
    private IGatewayConnections _connections = null!;

    public async ValueTask InitializeAsync()
    {
        _mesh = await TestMesh.StartAsync();
        _mesh.BetweenGrains = grains => Intercepted.Grains<ISessionGrain>(grains, (method, next) => Volatile.Read(ref _between)(method, next));
        _gateway = await _mesh.AddGatewayAsync("g");
        _connections = await (await _mesh.Directory.FindAsync("g"))!.GetConnectionsAsync();
    }

    [Fact]
    public async Task A_client_that_connects_elsewhere_is_told_so()
    {
        var client = await _gateway.ConnectAsync("c");
        Assert.Equal([0, 0], await _connections.CloseFormerAsync([new FormerConnection("c", long.MaxValue), new FormerConnection("nobody", 1)]));

        await client.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
    }

    [Fact]
    public async Task A_connection_that_is_not_former_goes_on()
    {
        var client = await _gateway.ConnectAsync("c");
        Assert.NotEqual(0, Assert.Single(await _connections.CloseFormerAsync([new FormerConnection("c", 1)])));

        await client.PublishAsync("t", "x", QualityOfService.AtLeastOnce);
    }

    [Fact]
    public async Task One_in_the_midst_of_its_handshake_does_not_come_about()
    {
        var answer = Hold(nameof(ISessionGrain.ConnectAsync));
        var client = _gateway.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "c" });
        await _asked.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
        Assert.Equal([0], await _connections.CloseFormerAsync([new FormerConnection("c", long.MaxValue)]));
        answer.SetResult();

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Those_that_are_unknown_are_made_known_and_end_when_another_one_is_the_latest()
    {
        var confirmed = 0;
        var (latest, former) = (await _gateway.ConnectAsync("latest"), await _gateway.ConnectAsync("former"));
        // As if the client had connected at another gateway, by an activation that knew of no connection.
        Volatile.Write(ref _between, (method, next) => method == nameof(ISessionGrain.ConfirmAsync) ? ConfirmAsync((Task<bool>)next()!) : next());
        await ConfirmAllAsync(0);
        Assert.Equal(2, confirmed);
        await latest.PublishAsync("t", "x", QualityOfService.AtLeastOnce);
        await former.PublishAsync("t", "x", QualityOfService.AtLeastOnce);
        Volatile.Write(ref _between, static (method, next) => method == nameof(ISessionGrain.ConfirmAsync) ? Task.FromResult(false) : next());
        await ConfirmAllAsync(0);

        await former.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        await latest.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);

        async Task<bool> ConfirmAsync(Task<bool> answer)
        {
            Assert.True(await answer);
            Interlocked.Increment(ref confirmed);
            return true;
        }
    }

    [Fact]
    public async Task Those_that_are_stored_are_not_made_known()
    {
        var (persistent, mortal) = (await _gateway.ConnectAsync("p", sessionExpiry: 100), await _gateway.ConnectAsync("m", will: new Will { Topic = "w" }));
        Volatile.Write(ref _between, static (method, next) => method == nameof(ISessionGrain.ConfirmAsync) ? Task.FromResult(false) : next());
        await ConfirmAllAsync(0);

        await persistent.PublishAsync("t", "x", QualityOfService.AtLeastOnce);
        await mortal.PublishAsync("t", "x", QualityOfService.AtLeastOnce);
    }

    [Fact]
    public async Task A_pass_is_not_over_before_the_handshakes_that_it_met()
    {
        var answer = Hold(nameof(ISessionGrain.ConnectAsync));
        var client = _gateway.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "c" });
        await _asked.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
        var pass = await _connections.ConfirmAsync(0);
        Assert.Equal(pass, await _connections.ConfirmAsync(pass));
        answer.SetResult();
        Assert.Equal(ReasonCode.Success, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await ConfirmAllAsync(pass);
    }

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    // The answer to the next call of that name is kept until the test completes what this returns.
    private TaskCompletionSource Hold(string held)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _between, (method, next) => method == held ? HoldAsync((Task<ConnectOutcome>)next()!) : next());
        return answer;

        async Task<ConnectOutcome> HoldAsync(Task<ConnectOutcome> call)
        {
            var outcome = await call;
            _asked.TrySetResult();
            await answer.Task;
            return outcome;
        }
    }

    private async Task ConfirmAllAsync(long pass)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while ((pass = await _connections.ConfirmAsync(pass)) != 0)
        {
            guard.Token.ThrowIfCancellationRequested();
            _mesh.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }
}
