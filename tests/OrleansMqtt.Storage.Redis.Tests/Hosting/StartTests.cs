using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Keys;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Hosting;

public sealed class StartTests(SharedServer shared)
{
    [Fact]
    public async Task A_silo_starts_and_says_what_its_store_is()
    {
        using var host = Build(RedisStoreUnderTest.OptionsOf(shared.Address));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var status = host.Services.GetRequiredService<IStoreStatus>();
        Assert.Equal(("redis " + shared.Address, "process", true, null), (status.Description, status.Durability.ToString(), status.IsHealthy, status.Problem));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_silo_does_not_start_without_its_store()
    {
        using var host = Build(RedisStoreUnderTest.OptionsOf($"127.0.0.1:{RedisServer.FindFreePort()}"));
        var exception = await Assert.ThrowsAsync<StoreUnusableException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.EndsWith(" cannot be reached: start Redis there, or correct the address in Cluster:Redis.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense=1", "Cluster:Redis is not a StackExchange.Redis connection string: ")]
    [InlineData("password=x", "Cluster:Redis names no address: ")]
    public void What_is_no_connection_string_is_refused_before_anything_starts(string connection, string message)
    {
        var exception = Assert.Throws<StoreUnusableException>(() => Build(RedisStoreUnderTest.OptionsOf(connection)));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong")]
    public async Task A_wrong_password_is_refused(string password)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "right");
        await RefusedAsync(RedisStoreUnderTest.OptionsOf(server.Address + password), "refuses the password: give the right one as password=… in Cluster:Redis.");
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address + ",password=right");
        Assert.DoesNotContain("right", store.Status.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "is of format 2, this program reads up to 1")]
    [InlineData("x", "is of format x, this program reads up to 1")]
    public async Task Data_of_a_newer_format_is_refused(string format, string message)
    {
        var options = RedisStoreUnderTest.OptionsOf(shared.Address);
        await using (var store = await RedisStoreUnderTest.OpenAsync(options))
        {
            var database = await store.OpenDatabaseAsync();
            var key = new RedisKeys(options.ClusterId, "").Format;
            Assert.Equal(RedisFormat.Version.ToString(CultureInfo.InvariantCulture), await database.StringGetAsync(key));
            await database.StringSetAsync(key, format);
        }
        await RefusedAsync(options, message);
    }

    [Fact]
    public async Task A_cluster_of_another_actor_runtime_is_refused()
    {
        var options = RedisStoreUnderTest.OptionsOf(shared.Address);
        var key = new RedisKeys(options.ClusterId, "").Runtime;
        await using (var store = await RedisStoreUnderTest.OpenAsync(options))
        {
            var database = await store.OpenDatabaseAsync();
            Assert.Equal(RedisRuntime.Name, await database.StringGetAsync(key));
            await database.StringSetAsync(key, "Another");
        }
        await RefusedAsync(options, $"runs on Another, this program on {RedisRuntime.Name}, which do not understand each other: start one that is built for the same actor runtime, or stop all its processes and delete the key {key}.");
    }

    [Theory]
    [InlineData("disk", "says appendonly no; durability disk needs appendonly yes and appendfsync always.", "--appendonly", "no")]
    [InlineData("disk", "says appendfsync everysec; durability disk needs appendonly yes and appendfsync always.", "--appendonly", "yes", "--appendfsync", "everysec")]
    [InlineData("replica(2)", "says connected_slaves 0; durability replica(2) needs 2.")]
    [InlineData("process", "says maxmemory 104857600 and maxmemory-policy allkeys-lru", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")]
    [InlineData("process", "does not answer CONFIG GET", "--rename-command", "CONFIG", "")]
    public async Task What_the_server_cannot_honour_is_refused_in_strict_and_a_problem_otherwise(string level, string message, params string[] settings)
    {
        await using var server = await RedisServer.StartAsync(settings);
        Assert.True(StoreDurability.TryParse(level, out var durability));
        await RefusedAsync(RedisStoreUnderTest.OptionsOf(server.Address, durability, strict: true), message);
        await using var store = await RedisStoreUnderTest.OpenAsync(server.Address, durability);
        Assert.True(store.Status.IsHealthy);
        Assert.Contains(message, store.Status.Problem, StringComparison.Ordinal);
        Assert.Contains(store.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("disk", "--appendonly", "yes", "--appendfsync", "always")]
    [InlineData("memory", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")]
    public async Task What_the_server_honours_is_accepted_in_strict(string level, params string[] settings)
    {
        await using var server = await RedisServer.StartAsync(settings);
        Assert.True(StoreDurability.TryParse(level, out var durability));
        await using var store = await RedisStoreUnderTest.OpenAsync(RedisStoreUnderTest.OptionsOf(server.Address, durability, strict: true));
        Assert.Null(store.Status.Problem);
    }

    [Fact]
    public async Task A_replica_is_refused()
    {
        await using var server = await RedisServer.StartAsync("--replicaof", "127.0.0.1", RedisServer.FindFreePort().ToString(CultureInfo.InvariantCulture));
        await RefusedAsync(RedisStoreUnderTest.OptionsOf(server.Address), "is a replica, which takes no writes: name its primary.");
    }

    [Fact]
    public async Task A_server_that_is_loading_its_data_is_waited_for()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--aof-use-rdb-preamble", "no");
        var options = RedisStoreUnderTest.OptionsOf(server.Address);
        await using (var store = await RedisStoreUnderTest.OpenAsync(options))
            await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => store.Sessions.AppendAsync($"c{i}", 1, Samples.Entries(0, 1)).AsTask()));
        await server.KillAsync();
        // A tenth of a millisecond a command: loading takes more than a second, during which the server answers after each 1,024 commands.
        await server.RunUntilAsync("Server initialized", "--appendonly", "yes", "--key-load-delay", "100");
        await using var reopened = await RedisStoreUnderTest.OpenAsync(options);
        Assert.Contains(reopened.Log.Lines, static line => line.Text.Contains("is loading its data.", StringComparison.Ordinal));
        Assert.Single(await reopened.Sessions.ReadAsync("c2999", 0, 10));
    }

    [Fact]
    public async Task A_node_of_a_cluster_is_refused()
    {
        await using var server = await RedisServer.StartAsync("--cluster-enabled", "yes");
        await RefusedAsync(RedisStoreUnderTest.OptionsOf(server.Address), "is part of a Redis Cluster, which this store does not support: name a single primary.");
    }

    private static async Task RefusedAsync(RedisStoreOptions options, string message)
    {
        var exception = await Assert.ThrowsAsync<StoreUnusableException>(() => RedisStoreUnderTest.OpenAsync(options));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static IHost Build(RedisStoreOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMqttRedisStore(options));
        return builder.Build();
    }
}
