using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

/// <summary>What comes by a route that has outlived its session.</summary>
public sealed class EndedSessionTests
{
    private readonly GatedLog _log = new();

    [Fact]
    public async Task A_message_of_a_group_goes_to_another_member_and_is_pending_until_that_one_has_it()
    {
        await using var silo = await StartAsync("ended", "there");
        var gate = new TaskCompletionSource();
        _log.Appends.Enqueue(gate.Task);
        var pending = Assert.IsType<PendingPublish>(Route(silo).Pending);
        // The second one is behind the first, whichever member it is offered to.
        var second = Assert.IsType<PendingPublish>(Route(silo).Pending);
        Assert.Empty(await _log.ReadAsync("there", 0, 10));
        gate.SetResult();
        await pending.WaitAsync();
        await second.WaitAsync();

        Assert.Equal((null, null), (pending.Failure, second.Failure));
        Assert.Equal(2, (await _log.ReadAsync("there", 0, 10)).Length);
    }

    [Fact]
    public async Task The_publisher_learns_that_the_other_member_could_not_take_it()
    {
        await using var silo = await StartAsync("ended", "there");
        foreach (var _ in (int[])[0, 1])
        {
            _log.Appends.Enqueue(Task.FromException(new IOException("the store is down")));
            var pending = Assert.IsType<PendingPublish>(Route(silo).Pending);
            await pending.WaitAsync();

            Assert.IsType<IOException>(pending.Failure);
        }
    }

    [Fact]
    public async Task Members_that_have_all_ended_hold_up_nobody()
    {
        await using var silo = await StartAsync("ended", "ended too");
        for (var i = 0; i < 10; i++)
        {
            if (Route(silo).Pending is { } pending) await pending.WaitAsync();
        }
    }

    private static RouteResult Route(TestSilo silo)
    {
        var publish = new PublishView(Samples.Message("t", "m"));
        return silo.Router.Route(ref publish);
    }

    private async Task<TestSilo> StartAsync(params string[] members)
    {
        var silo = await TestSilo.StartAsync(services => services.AddSingleton<ISessionLog>(_log));
        await silo.Session("there").ConnectAsync(new ConnectRequest { Gateway = "g", Endpoint = silo.Reference<IGatewayEndpoint>(new FakeGateway()), SessionExpiry = 1000 });
        foreach (var member in members) await silo.Topic(new TopicPartitions().Of("t")).ChangeAsync([Samples.Member(member, "t", "g")]);
        return silo;
    }
}
