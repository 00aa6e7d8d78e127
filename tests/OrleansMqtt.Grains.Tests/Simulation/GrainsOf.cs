using System.Reflection;
using OrleansMqtt.Gateways;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>The grains of the cluster as one node reaches them. A proxy, as <see cref="IGrainFactory"/> has more members than are called; public and not sealed, as the proxy derives from it.</summary>
public class GrainsOf : DispatchProxy
{
    private Cluster _cluster = null!;
    private Node _node = null!;

    internal static IGrainFactory Node(Cluster cluster, Node node)
    {
        var proxy = Create<IGrainFactory, GrainsOf>();
        ((GrainsOf)(object)proxy)._cluster = cluster;
        ((GrainsOf)(object)proxy)._node = node;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.ReturnType switch
    {
        var type when type == typeof(ITopicGrain) => RemoteGrains.Topic(_cluster, _node, (int)(long)args![0]!),
        var type when type == typeof(IGatewayRegistryGrain) => RemoteGrains.Registry(_cluster, _node),
        var type when type == typeof(IRouteReplica) => args![0],
        var type => throw new NotSupportedException(type.Name),
    };
}
