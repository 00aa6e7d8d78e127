using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Events;

public sealed class ObserverTests
{
    [Fact]
    public async Task One_that_throws_is_logged_and_told_the_next_event()
    {
        var log = new CollectedLog();
        var told = new Told { Before = static brokerEvent => brokerEvent is ClientConnected { ClientId: "bad" } ? throw new InvalidOperationException("a defect") : default };
        await using var broker = await TestBroker.StartAsync(configure: services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            told.Add(services);
        });
        var client = await broker.ConnectAsync("bad");
        await broker.ConnectAsync("good");

        Assert.Equal("good", (await told.NextAsync<ClientConnected>()).ClientId);
        await client.ExpectNothingAsync();
        Assert.Single(log.Of(LogLevel.Error), static line => line.Contains("Told has failed with a ClientConnected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_slow_loses_events_and_is_told_how_many_while_clients_and_others_do_not_wait()
    {
        var (begun, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var slow = new Told
        {
            Before = brokerEvent =>
            {
                if (brokerEvent is not ClientConnected) return default;
                begun.TrySetResult();
                return new ValueTask(goOn.Task);
            },
        };
        var quick = new Quick();
        await using var broker = await TestBroker.StartAsync(configure: services =>
        {
            slow.Add(services);
            services.AddSingleton(quick).AddBrokerObserver<Quick>().AddBrokerEvents(new EventOptions { MaxWaiting = 3 });
        });
        await broker.ConnectAsync("one");
        await begun.Task.GuardAsync();
        for (var i = 0; i < 10; i++)
        {
            await broker.ConnectAsync($"other-{i}");
            await quick.HasHeardAsync(i + 2);
        }
        goOn.SetResult();

        Assert.Equal("one", (await slow.NextAsync<ClientConnected>()).ClientId);
        // Those that were waiting when there was no more room, and word of the others.
        var lost = await slow.NextAsync<EventsLost>();
        Assert.Equal(7, lost.Count);
        for (var i = 0; i < 3; i++) Assert.Equal($"other-{i}", (await slow.NextAsync<ClientConnected>()).ClientId);
        await broker.ConnectAsync("last");
        Assert.Equal("last", (await slow.NextAsync<ClientConnected>()).ClientId);
    }

    [Fact]
    public async Task One_may_ask_for_the_gateway_itself()
    {
        await using var broker = await TestBroker.StartAsync(configure: static services => services.AddBrokerObserver<Asking>());

        Assert.NotEmpty(broker.Services.GetRequiredService<Asking>().Gateway.Listeners);
    }

    [Fact]
    public async Task One_that_can_not_be_made_stops_the_start()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(static () => TestBroker.StartAsync(configure: static services => services.AddBrokerObserver<Unmade>()));
        Assert.Equal("not today", failure.Message);
    }

    private sealed class Quick : IBrokerObserver
    {
        private int _connected;

        public ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken)
        {
            if (brokerEvent is ClientConnected) Interlocked.Increment(ref _connected);
            return default;
        }

        public Task HasHeardAsync(int clients) => Until.HoldsAsync(() => Volatile.Read(ref _connected) == clients);
    }

    private sealed class Asking(MqttGateway gateway) : IBrokerObserver
    {
        public MqttGateway Gateway => gateway;

        public ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken) => default;
    }

    private sealed class Unmade : IBrokerObserver
    {
        public Unmade() => throw new InvalidOperationException("not today");

        public ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken) => default;
    }
}
