using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Samples.Tests.Support;

/// <summary>The clusters of these tests.</summary>
internal static class Clusters
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one with these handlers alone.</summary>
    public static Task<MqttTestCluster> StartAsync(Type handler, Action<MqttTestClusterBuilder>? configure = null)
    {
        var builder = new MqttTestClusterBuilder { Gateways = 1 }.UseTopicHandlers(handler);
        builder.ConfigureLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        configure?.Invoke(builder);
        return builder.StartAsync(Token);
    }
}
