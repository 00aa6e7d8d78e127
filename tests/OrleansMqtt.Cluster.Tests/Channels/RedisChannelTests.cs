using System.Net;
using OrleansMqtt.Cluster.Tests.Clients;
using OrleansMqtt.Processes;
using OrleansMqtt.Processes.Clusters;
using OrleansMqtt.Processes.Links;

namespace OrleansMqtt.Cluster.Tests.Channels;

/// <summary>Topics that are Redis channels too.</summary>
public sealed class RedisChannelTests
{
    private const int Messages = 500;
    private static readonly string[] Both = ["--Redis:Channels:Publish:0=both/#", "--Redis:Channels:Subscribe:0=both/#", "--Redis:Channels:QoS=1"];

    [Fact]
    public async Task Plain_clients_of_Redis_and_of_MQTT_have_each_other_s_messages_by_a_broker_that_is_alone()
    {
        Tool.Require("redis-server", "redis-cli");
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory.Path);
        var (cli, listener) = (new RedisCli(IPEndPoint.Parse(redis.Address)), new IPEndPoint(IPAddress.Loopback, FreePort.Take(1)[0]));
        await using var broker = ExternalProcess.Start(
            BuiltProgram.DotNet, [BuiltProgram.Gateway, "--Http:Bind=none", "--Store:Path=memory", $"--Listeners:default:Bind={listener}", $"--Redis:Channels:Server={redis.Address}", .. Both]);
        await broker.LineAsync(": listening on ");
        using var client = await ClusterClient.ConnectAsync(listener, "client");
        await client.SubscribeAsync("both/+/in", "both/end");
        await IsSubscribedAsync(cli);

        Assert.Equal(1, await cli.PublishAsync("both/a/in", "21"));
        Assert.Equal("21", await client.NextAsync());
        await using var subscriber = await cli.SubscribeAsync("both/a/out");
        await client.PublishAsync("both/a/out", "22");
        await subscriber.LineAsync(static line => line == "22", "what was published");
        // What has come from Redis does not go there again, and the other way round.
        await client.PublishAsync("both/end", "end");
        Assert.Equal("end", await client.NextAsync());
        Assert.Equal(1, await cli.PublishAsync("both/end", "end of all"));
        Assert.Equal("end of all", await client.NextAsync());
    }

    [Fact]
    public async Task Nothing_comes_back_to_a_cluster_and_another_silo_takes_over_when_the_one_that_subscribes_is_killed()
    {
        Tool.Require("redis-cli");
        await using var cluster = await ClusterProcesses.StartAsync(new ClusterShape { Silos = 2, SiloArguments = static () => Both });
        var cli = new RedisCli(cluster.RedisAddress);
        using var subscriber = await ClusterClient.ConnectAsync(cluster.Listeners[0], "subscriber");
        await subscriber.SubscribeAsync("both/#");
        await IsSubscribedAsync(cli);
        using var one = await ClusterClient.ConnectAsync(cluster.Listeners[0], "one");
        using var other = await ClusterClient.ConnectAsync(cluster.Listeners[1], "other");

        var publishing = Task.WhenAll(PublishAsync(one, "one"), PublishAsync(other, "other"), PublishAsync(cli));
        var received = new List<string>();
        while (received.Count < (2 * Messages) + (Messages / 10)) received.Add(await subscriber.NextAsync());
        await publishing;
        await cli.PublishAsync("both/x", "end");
        // No message twice: what is next is what was last.
        Assert.Equal("end", await subscriber.NextAsync());
        Assert.Equal(received.Count, received.Distinct().Count());

        var first = await SubscriberAsync(cluster, cli);
        await first.KillAsync();
        await SubscriberAsync(cluster, cli);
        await cli.PublishAsync("both/x", "after");
        Assert.Equal("after", await subscriber.NextAsync());
    }

    private static async Task PublishAsync(ClusterClient client, string name)
    {
        for (var i = 0; i < Messages; i++) await client.PublishAsync($"both/{i % 7}", $"{name} {i}");
    }

    private static async Task PublishAsync(RedisCli cli)
    {
        for (var i = 0; i < Messages / 10; i++) await cli.PublishAsync($"both/{i % 7}", $"redis {i}");
    }

    private static async Task IsSubscribedAsync(RedisCli cli) => await UntilAsync(async () => await FindAsync(cli) is null ? null : cli);

    /// <summary>The silo that runs and subscribes.</summary>
    private static Task<ClusterPart> SubscriberAsync(ClusterProcesses cluster, RedisCli cli) => UntilAsync(async () =>
        await FindAsync(cli) is { } port && SocketOwner.Find(port, cluster.RedisAddress.Port, cluster.Silos.Select(static silo => silo.Id).OfType<int>()) is { } owner
            ? cluster.Silos.SingleOrDefault(silo => silo.Id == owner) : null);

    /// <summary>The port of the connection that has both patterns; null if there is none.</summary>
    private static async Task<int?> FindAsync(RedisCli cli) =>
        (await cli.RunAsync("CLIENT", "LIST", "TYPE", "PUBSUB")).FirstOrDefault(static line => line.Contains(" psub=2 ", StringComparison.Ordinal)) is { } line
            ? IPEndPoint.Parse(line.Split(' ').Single(static field => field.StartsWith("addr=", StringComparison.Ordinal))["addr=".Length..]).Port : null;

    // Redis alone knows who subscribes, and tells nobody who does not ask.
    private static async Task<T> UntilAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await find() is { } found) return found;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < ClusterClient.Guard, "nobody subscribes");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
