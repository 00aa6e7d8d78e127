using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Specification;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Support;

/// <summary>The store as a silo registers it; the silo itself does not run.</summary>
internal sealed class RedisStoreUnderTest : StoreUnderTest
{
    private readonly RedisStoreOptions _options;
    private IHost _host;
    private ConnectionMultiplexer? _raw;

    private RedisStoreUnderTest(RedisStoreOptions options)
    {
        _options = options;
        _host = Build(options, Log);
    }

    public ListLogger Log { get; } = new();

    public override ISessionLog Sessions => Get<ISessionLog>();

    public override IRetainedStore Retained => Get<IRetainedStore>();

    public override ISubscriptionStore Subscriptions => Get<ISubscriptionStore>();

    public override IDeadlineStore Deadlines => Get<IDeadlineStore>();

    public override IConnectionStore Connections => Get<IConnectionStore>();

    public override ILeaseStore Leases => Get<ILeaseStore>();

    public override IGrainStorage Grains => _host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public IStoreStatus Status => Get<IStoreStatus>();

    public RedisClient Client => Get<RedisClient>();

    /// <summary>Commands past the store.</summary>
    public async Task<IDatabase> OpenDatabaseAsync()
    {
        _raw ??= await ConnectionMultiplexer.ConnectAsync(_options.ConnectionString);
        return _raw.GetDatabase();
    }

    /// <summary>Opens a store under a cluster identifier that nobody else has.</summary>
    public static Task<RedisStoreUnderTest> OpenAsync(string connection, StoreDurability? durability = null) => OpenAsync(OptionsOf(connection, durability));

    public static async Task<RedisStoreUnderTest> OpenAsync(RedisStoreOptions options)
    {
        var store = new RedisStoreUnderTest(options);
        try
        {
            await store.Client.StartAsync(TestContext.Current.CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public static RedisStoreOptions OptionsOf(string connection, StoreDurability? durability = null, bool strict = false) => new()
    {
        ConnectionString = connection, ClusterId = "test-" + Guid.NewGuid().ToString("N"), Durability = durability ?? new StoreDurability(DurabilityLevel.Process), Strict = strict,
    };

    public override async ValueTask ReopenAsync()
    {
        _host.Dispose();
        _host = Build(_options, Log);
        await Client.StartAsync(TestContext.Current.CancellationToken);
    }

    public override ValueTask PassAsync(TimeSpan time) => new(Task.Delay(time, TimeProvider.System));

    public override ValueTask DisposeAsync()
    {
        _host.Dispose();
        // Otherwise it takes a second.
        _raw?.Close(allowCommandsToComplete: false);
        _raw?.Dispose();
        return default;
    }

    private static IHost Build(RedisStoreOptions options, ILogger logger)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(ForwardingLogger<>)).AddSingleton(logger);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMqttRedisStore(options));
        return builder.Build();
    }

    private T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();
}
