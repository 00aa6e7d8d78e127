using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Support;

/// <summary>The cluster that the tests of a class share; each has topics of its own.</summary>
public sealed class HandlerCluster : IAsyncLifetime
{
    private int _names;

    internal MqttTestCluster Cluster { get; private set; } = null!;

    internal string NewName() => $"n{Interlocked.Increment(ref _names)}-{Guid.NewGuid():N}";

    internal Task<MqttTestClient> ConnectAsync(int gateway = 0) => Cluster.Gateways[gateway].ConnectAsync(NewName());

    public async ValueTask InitializeAsync() => Cluster = await StartAsync(new MqttTestClusterBuilder());

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    internal static Task<MqttTestCluster> StartAsync(MqttTestClusterBuilder builder)
    {
        builder.ConfigureLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        return builder.StartAsync(TestContext.Current.CancellationToken);
    }
}
