using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Specification.Faults;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>A connection ends while the store of the documents is down, or does not answer.</summary>
public sealed class SessionEndTests
{
    private readonly LastingStores _stores = new();

    [Theory]
    [InlineData(1_000_000u, Fault.BeforeWrite)]
    [InlineData(1_000_000u, Fault.AfterWrite)]
    [InlineData(0u, Fault.BeforeWrite)]
    [InlineData(0u, Fault.AfterWrite)]
    public async Task An_end_that_could_not_be_stored_is_stored_when_the_store_is_back(uint sessionExpiry, Fault fault)
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", sessionExpiry);
        _stores.DocumentFaults.Next(fault);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Equal([LastingStores.Gateway], await _stores.Connections.ReadGatewaysAsync());
        await LastingStores.UntilAsync(silo, async () => (await _stores.Connections.ReadGatewaysAsync()).IsEmpty);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.Equal(sessionExpiry > 0 ? 2 : 1, _stores.Documents.Count);
    }

    [Theory]
    [InlineData(Fault.BeforeWrite)]
    [InlineData(Fault.AfterWrite)]
    public async Task A_client_that_is_back_before_settles_the_end_first(Fault fault)
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        _stores.DocumentFaults.Next(fault);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Empty(await _stores.ReadAsync("s"));
        var back = await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next gateway"));

        Assert.True(back.SessionPresent);
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        // What was to be tried again has nothing left to do: not to the connection that is there now, either.
        silo.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await silo.Session("c").OperateAsync(back.Epoch, []));
        Assert.Equal(["next gateway"], await _stores.Connections.ReadGatewaysAsync());
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task The_time_of_a_past_connection_that_stands_where_the_latest_ones_should_gives_way_to_it()
    {
        await using var silo = await _stores.StartFirstAsync();
        var past = await EndAsync(silo);
        silo.Time.Advance(TimeSpan.FromSeconds(10));
        var latest = await EndAsync(silo);
        // As a deadline grain would that was paused and replaced.
        for (var shard = 0; shard < 16; shard++)
            if ((await _stores.Deadlines.LoadAsync(shard)).Contains(latest)) await _stores.Deadlines.SetAsync(shard, past);
        Assert.Equal([past], (await _stores.ReadDeadlinesAsync()).Where(static deadline => deadline.ClientId == "c"));
        await silo.Session("c").DueAsync(past.Kind, past.Epoch);

        Assert.Equal([latest], (await _stores.ReadDeadlinesAsync()).Where(static deadline => deadline.ClientId == "c"));
    }

    // Connects client "c" for a moment; when its session ends then.
    private async Task<Deadline> EndAsync(TestSilo silo)
    {
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: false));
        return Assert.Single(await _stores.ReadDeadlinesAsync(), static deadline => deadline.ClientId == "c");
    }

    [Fact]
    public async Task While_the_store_is_down_the_client_cannot_come_back_and_then_it_can()
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        _stores.DocumentFaults.Next(Fault.BeforeWrite, Fault.BeforeWrite);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Contains("Injected", $"{await Assert.ThrowsAnyAsync<Exception>(() => silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next gateway")))}", StringComparison.Ordinal);
        Assert.Empty(await _stores.ReadAsync("s"));
        var back = await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next gateway"));

        Assert.True(back.SessionPresent);
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task An_end_is_stored_although_the_answer_to_an_earlier_write_was_lost()
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        _stores.DocumentFaults.Next(Fault.AfterWrite);
        Assert.Contains("Injected", $"{await Assert.ThrowsAnyAsync<Exception>(() => silo.Session("c").SubscribeAsync(connection.Epoch, [new SessionSubscription("t", Samples.Options())]))}", StringComparison.Ordinal);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        await LastingStores.UntilAsync(silo, async () => (await _stores.Connections.ReadGatewaysAsync()).IsEmpty);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Theory]
    [InlineData(Fault.BeforeWrite)]
    [InlineData(Fault.AfterWrite)]
    public async Task The_end_of_a_connection_that_was_to_be_taken_over_is_stored_although_nobody_comes_again(Fault fault)
    {
        await using var silo = await _stores.StartFirstAsync();
        await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        _stores.DocumentFaults.Next(fault);
        Assert.Contains("Injected", $"{await Assert.ThrowsAnyAsync<Exception>(() => silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next gateway")))}", StringComparison.Ordinal);
        await LastingStores.UntilAsync(silo, async () => (await _stores.Connections.ReadGatewaysAsync()).IsEmpty);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_will_that_was_cancelled_while_the_store_was_down_stays_cancelled()
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        _stores.DocumentFaults.Next(Fault.AfterWrite, Fault.BeforeWrite);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: false));
        await LastingStores.UntilAsync(silo, async () => (await _stores.Connections.ReadGatewaysAsync()).IsEmpty);

        Assert.Empty(await _stores.ReadAsync("s"));
        Assert.Equal(2, _stores.Documents.Count);
    }

    [Fact]
    public async Task An_end_is_stored_although_messages_of_a_shared_group_could_not_be_taken_out_of_the_log()
    {
        await using var silo = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(silo, "c", 1_000_000);
        await silo.Topic(new TopicPartitions().Of("t")).ChangeAsync([Samples.Member("c", "t", LastingStores.Gateway), Samples.Member("s", "t", LastingStores.Gateway)]);
        await silo.Session("c").DeliverAsync([Samples.SharedEntry("shared")]);
        // The other member has it, and then the store is down.
        _stores.LogFaults.Next(Fault.None, Fault.BeforeWrite);
        await silo.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        await LastingStores.UntilAsync(silo, async () => (await _stores.ReadAsync("s")).Count > 1);

        Assert.Equal(["shared", "bye"], await _stores.ReadAsync("s"));
        Assert.Equal(["shared"], await _stores.ReadAsync("c"));
        await LastingStores.UntilAsync(silo, async () => (await _stores.Connections.ReadGatewaysAsync()).IsEmpty);
    }
}
