using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.TestingHost.Tests.Support;

/// <summary>The clusters of these tests.</summary>
internal static class Clusters
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Starts one.</summary>
    public static Task<MqttTestCluster> StartAsync(int gateways = 2, int silos = 2, Action<MqttTestClusterBuilder>? configure = null)
    {
        var builder = new MqttTestClusterBuilder { Gateways = gateways, Silos = silos };
        builder.ConfigureLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        configure?.Invoke(builder);
        return builder.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Gateways stay alive however long they are without silos.</summary>
    public static void WithPatientGateways(MqttTestClusterBuilder builder) => builder.Times = builder.Times with { Leases = builder.Times.Leases with { Gateway = Hour } };

    /// <summary>Waits until the cluster has noticed what was done to it.</summary>
    public static Task ReadyAsync(this MqttTestCluster cluster) => cluster.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
}
