namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="IConnectionStore"/> says.</summary>
public abstract class ConnectionStoreSpecification : StoreSpecification
{
    private IConnectionStore Connections => Store.Connections;

    [Fact]
    public async Task At_first_no_gateway_has_connections()
    {
        Assert.Empty(await Connections.ReadGatewaysAsync());
        Assert.Empty(await Connections.ReadAsync("g"));
    }

    [Fact]
    public async Task Connections_come_back_as_they_were_added()
    {
        StoredConnection[] connections = [new("c", 1), new("C", long.MaxValue), new("", 0), new("ä/日 {x}", 1_900_000_000_000L << 10)];
        foreach (var connection in connections) await Connections.AddAsync("g", connection);
        await Store.ReopenAsync();
        var read = await Connections.ReadAsync("g");
        Assert.Equal(connections.ToHashSet(), read.ToHashSet());
        Assert.Equal(connections.Length, read.Length);
        Assert.Equal(["g"], await Connections.ReadGatewaysAsync());
    }

    [Fact]
    public async Task One_of_the_same_client_gives_way()
    {
        await Connections.AddAsync("g", new("c", 1));
        await Connections.AddAsync("g", new("c", 2));
        Assert.Equal([new StoredConnection("c", 2)], await Connections.ReadAsync("g"));
    }

    [Fact]
    public async Task Only_this_very_connection_is_removed()
    {
        await Connections.AddAsync("g", new("c", 2));
        await Connections.AddAsync("g", new("d", 2));
        await Connections.RemoveAsync("g", new("c", 1));
        await Connections.RemoveAsync("h", new("c", 2));
        await Connections.RemoveAsync("g", new("unknown", 1));
        Assert.Equal(2, (await Connections.ReadAsync("g")).Length);
        await Connections.RemoveAsync("g", new("c", 2));
        await Store.ReopenAsync();
        Assert.Equal([new StoredConnection("d", 2)], await Connections.ReadAsync("g"));
    }

    [Fact]
    public async Task Gateways_are_told_apart_and_gone_with_their_last_connection()
    {
        await Connections.AddAsync("g", new("c", 1));
        await Connections.AddAsync("G", new("c", 2));
        await Connections.AddAsync("g:1", new("c", 3));
        Assert.Equal(new HashSet<string> { "g", "G", "g:1" }, (await Connections.ReadGatewaysAsync()).ToHashSet());
        Assert.Equal([new StoredConnection("c", 1)], await Connections.ReadAsync("g"));
        await Connections.RemoveAsync("g", new("c", 1));
        Assert.Equal(new HashSet<string> { "G", "g:1" }, (await Connections.ReadGatewaysAsync()).ToHashSet());
    }

    [Fact]
    public async Task Many_are_added_and_removed_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            await Connections.AddAsync("g", new($"c{i}", i));
            if (i % 3 == 0) await Connections.RemoveAsync("g", new($"c{i}", i));
        })));
        await Store.ReopenAsync();
        Assert.Equal(200, (await Connections.ReadAsync("g")).Length);
    }
}
