using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>
/// The one topic grain of a broker without actor runtime: passes each change of a gateway's route to the replica, if there is one, and keeps nothing. A proxy, since a class would be a grain of every
/// silo in this process; public and not sealed, as the proxy derives from it.
/// </summary>
public class StandInTopicGrain : DispatchProxy
{
    private RouteReplica? _replica;
    private long _version;

    /// <summary>One that tells <paramref name="replica"/>.</summary>
    internal static ITopicGrain Of(RouteReplica? replica)
    {
        var grain = Create<ITopicGrain, StandInTopicGrain>();
        ((StandInTopicGrain)(object)grain)._replica = replica;
        return grain;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(ITopicGrain.ChangeGatewaysAsync)
        ? _replica?.ApplyAsync(0, _version, ++_version, (ImmutableArray<RouteChange>)args![0]!) ?? Task.CompletedTask
        : throw new NotSupportedException(targetMethod?.Name);
}

/// <summary>A silo that no replica is attached for.</summary>
internal sealed class StandInSilo : ILocalSiloDetails
{
    /// <inheritdoc/>
    public string Name => "stand-in";

    /// <inheritdoc/>
    public string ClusterId => "stand-in";

    /// <inheritdoc/>
    public string DnsHostName => "localhost";

    /// <inheritdoc/>
    public SiloAddress SiloAddress => SiloAddress.Zero;

    /// <inheritdoc/>
    public SiloAddress GatewayAddress => SiloAddress.Zero;
}

/// <summary>
/// Finds the one topic grain and no other. A proxy, as <see cref="IGrainFactory"/> has more members than are called here; public and not
/// sealed, as the proxy derives from it.
/// </summary>
public class StandInGrainFactory : DispatchProxy
{
    private ITopicGrain? _topic;

    /// <summary>A factory that knows <paramref name="topic"/>.</summary>
    public static IGrainFactory Of(ITopicGrain topic)
    {
        var factory = Create<IGrainFactory, StandInGrainFactory>();
        ((StandInGrainFactory)(object)factory)._topic = topic;
        return factory;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(ITopicGrain) ? _topic : throw new NotSupportedException(targetMethod?.Name);
}
