using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Streams.Tests;

/// <summary>The cluster that the tests of a class share; each has topics of its own.</summary>
public sealed class StreamCluster : IAsyncLifetime
{
    internal MqttTestCluster Cluster { get; private set; } = null!;

    public static string NewName() => Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync() => Cluster = await StartAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    internal static Task<MqttTestCluster> StartAsync()
    {
        var builder = new MqttTestClusterBuilder();
        builder.ConfigureSilo(static silo => silo.AddMqttStreams());
        builder.ConfigureClient(static client => client.AddMqttStreams());
        builder.ConfigureLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        return builder.StartAsync(TestContext.Current.CancellationToken);
    }

    internal IAsyncStream<MqttMessage> Stream(string filter, string? space = null) => StreamOf(Cluster, filter, space);

    internal static IAsyncStream<MqttMessage> StreamOf(MqttTestCluster cluster, string filter, string? space = null) =>
        cluster.ClientServices.GetRequiredKeyedService<IStreamProvider>("mqtt").GetStream<MqttMessage>(space ?? "mqtt", filter);

    internal Task<MqttTestClient> ConnectAsync(int gateway = 0) => Cluster.Gateways[gateway].ConnectAsync(NewName());
}
