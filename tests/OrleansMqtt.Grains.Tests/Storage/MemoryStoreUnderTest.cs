using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Storage;

/// <summary>The `memory` store as a silo registers it. Nothing survives: reopened it is the same.</summary>
internal sealed class MemoryStoreUnderTest : StoreUnderTest
{
    private readonly ManualTimeProvider _time = new();
    private readonly IHost _host;

    public MemoryStoreUnderTest()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering().AddMqttMemoryStore());
        _host = builder.Build();
    }

    public override ISessionLog Sessions => Get<ISessionLog>();

    public override IRetainedStore Retained => Get<IRetainedStore>();

    public override ISubscriptionStore Subscriptions => Get<ISubscriptionStore>();

    public override IDeadlineStore Deadlines => Get<IDeadlineStore>();

    public override IConnectionStore Connections => Get<IConnectionStore>();

    public override ILeaseStore Leases => Get<ILeaseStore>();

    public override IGrainStorage Grains => _host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public override ValueTask ReopenAsync() => default;

    public override ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        _host.Dispose();
        return default;
    }

    private T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();
}
