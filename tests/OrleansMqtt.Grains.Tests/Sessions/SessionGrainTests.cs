using OrleansMqtt.Deadlines;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

public sealed class SessionGrainTests
{
    [Fact]
    public async Task Every_connection_gets_a_later_epoch_and_calls_of_an_earlier_one_change_nothing()
    {
        await using var silo = await TestSilo.StartAsync();
        var session = silo.Session("c");
        var first = await session.ConnectAsync(Request(silo));
        var second = await session.ConnectAsync(Request(silo));
        Assert.True(second.Epoch > first.Epoch);

        Assert.False(await session.SubscribeAsync(first.Epoch, [new SessionSubscription("t", Samples.Options())]));
        Assert.False(await session.UnsubscribeAsync(first.Epoch, ["t"]));
        Assert.False(await session.OperateAsync(first.Epoch, []));
        await session.DisconnectAsync(first.Epoch, new DisconnectRequest(false, 0));

        Assert.True(await session.SubscribeAsync(second.Epoch, [new SessionSubscription("t", Samples.Options())]));
        Assert.Equal("t", Assert.Single((await session.ConnectAsync(Request(silo))).Subscriptions).Filter);
    }

    [Fact]
    public async Task The_epoch_rises_even_where_nothing_of_the_session_was_kept()
    {
        await using var silo = await TestSilo.StartAsync();
        var session = silo.Session("c");
        var last = 0L;
        for (var i = 0; i < 5; i++)
        {
            var outcome = await session.ConnectAsync(Request(silo) with { SessionExpiry = 0 });
            Assert.Equal((false, false), (outcome.Persistent, outcome.SessionPresent));
            Assert.True(outcome.Epoch > last);
            last = outcome.Epoch;
            await session.DisconnectAsync(outcome.Epoch, new DisconnectRequest(false));
            silo.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task What_is_delivered_to_a_session_that_does_not_exist_is_dropped_and_counted()
    {
        await using var silo = await TestSilo.StartAsync();
        Assert.False(await silo.Session("nobody").DeliverAsync([Samples.Entry("a")]));
        foreach (var text in (string[])["a", "b"])
        {
            var done = new TaskCompletionSource<Exception?>();
            silo.Router.Append("nobody", Samples.Entry(text), done.SetResult);
            Assert.Null(await done.Task);
        }

        Assert.Equal((2, 2), (silo.Metrics.Copies, silo.Metrics.Dropped(Diagnostics.DropReason.SessionEnded)));
    }

    [Fact]
    public async Task Messages_go_out_only_after_the_start()
    {
        await using var silo = await TestSilo.StartAsync();
        var (session, gateway) = (silo.Session("c"), new FakeGateway());
        var outcome = await session.ConnectAsync(Request(silo, gateway));
        await session.DeliverAsync([Samples.Entry("a")]);
        Assert.Empty(gateway.Pushes);
        await session.StartAsync(outcome.Epoch);
        await gateway.Pushed;

        Assert.Equal(["a"], gateway.Texts(outcome.Epoch));
    }

    [Fact]
    public async Task A_due_time_of_an_earlier_connection_changes_nothing()
    {
        await using var silo = await TestSilo.StartAsync();
        var session = silo.Session("c");
        var first = await session.ConnectAsync(Request(silo) with { SessionExpiry = 10 });
        await session.DisconnectAsync(first.Epoch, new DisconnectRequest(false));
        var second = await session.ConnectAsync(Request(silo) with { SessionExpiry = 10 });
        await session.DueAsync(DeadlineKind.SessionExpiry, first.Epoch);
        await session.DueAsync(DeadlineKind.SessionExpiry, second.Epoch);
        await session.DisconnectAsync(second.Epoch, new DisconnectRequest(false));
        // Too early.
        await session.DueAsync(DeadlineKind.SessionExpiry, second.Epoch);

        Assert.True((await session.ConnectAsync(Request(silo))).SessionPresent);
    }

    private static ConnectRequest Request(TestSilo silo, FakeGateway? gateway = null) =>
        new() { Gateway = "gateway", Endpoint = silo.Reference<IGatewayEndpoint>(gateway ?? new FakeGateway()), SessionExpiry = 1000 };
}
