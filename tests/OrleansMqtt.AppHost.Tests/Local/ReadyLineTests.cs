using OrleansMqtt.AppHost.Local;
using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Tests.Local;

public sealed class ReadyLineTests
{
    private static readonly ClusterTopology Topology = ClusterTopology.Of(new RedisNode(null, "/tmp/x"), 1, 2, 1883);

    [Fact]
    public void Says_where_to_connect() => Assert.Equal(
        "OrleansMqtt cluster is ready: mqtt://127.0.0.1:1883, mqtt://127.0.0.1:1884; redis 127.0.0.1:7000; Ctrl-C stops it.", ReadyLine.Of(Topology, "127.0.0.1:7000"));

    [Fact]
    public void Leaves_out_a_server_that_is_not_its_own() => Assert.Equal(
        "OrleansMqtt cluster is ready: mqtt://127.0.0.1:1883, mqtt://127.0.0.1:1884; Ctrl-C stops it.", ReadyLine.Of(Topology, null));
}
