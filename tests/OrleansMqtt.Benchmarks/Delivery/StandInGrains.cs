using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>The one topic grain of a broker without actor runtime: passes each change of a route to the replica, if there is one, and keeps nothing.</summary>
internal sealed class StandInTopicGrain(RouteReplica? replica) : ITopicGrain
{
    private long _version;

    /// <inheritdoc/>
    public Task ChangeAsync(ImmutableArray<RouteChange> changes) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes) => replica?.ApplyAsync(0, _version, ++_version, changes) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task AttachAsync(string silo, IRouteReplica replica) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> AttachLeasedAsync(string silo, IRouteReplica replica) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(string silo, long attachment) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task DetachAsync(string silo, long attachment) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> ChangeInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<long> ChangeGatewaysInOrderAsync(RouteCall call, ImmutableArray<RouteChange> changes) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task RemoveGatewayAsync(string gateway) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ImmutableArray<int>> RetainAsync(ImmutableArray<Message> messages) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<int> CountRetainedAsync() => throw new NotSupportedException();
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
