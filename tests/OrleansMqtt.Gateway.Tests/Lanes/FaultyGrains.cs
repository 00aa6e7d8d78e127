using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>A grain factory whose router grains are far away; public and not sealed, as a proxy derives from it.</summary>
public class FaultyGrains : DispatchProxy
{
    private IGrainFactory _inner = null!;
    private Func<IRouterGrain, IRouterGrain> _between = null!;

    /// <summary>Puts something between callers and router grains.</summary>
    internal static IGrainFactory Of(IGrainFactory inner, Func<IRouterGrain, IRouterGrain> between)
    {
        var factory = Create<IGrainFactory, FaultyGrains>();
        var proxy = (FaultyGrains)(object)factory;
        (proxy._inner, proxy._between) = (inner, between);
        return factory;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        return result is IRouterGrain router ? _between(router) : result;
    }
}

/// <summary>
/// A router grain behind a bad network; a proxy, as the runtime takes whatever implements the interface for a grain. Public and not sealed, as a proxy derives from it.
/// </summary>
public class FaultyRouter : DispatchProxy
{
    private IRouterGrain _inner = null!;
    private INetwork _network = null!;

    internal static IRouterGrain Of(IRouterGrain inner, INetwork network)
    {
        var router = Create<IRouterGrain, FaultyRouter>();
        var proxy = (FaultyRouter)(object)router;
        (proxy._inner, proxy._network) = (inner, network);
        return router;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = _network.CallAsync(() =>
        {
            var answer = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null)!;
            return answer is ValueTask<ImmutableArray<int>> outcomes ? outcomes.AsTask() : (Task<ImmutableArray<int>>)answer;
        });
        return targetMethod!.ReturnType == typeof(ValueTask<ImmutableArray<int>>) ? new ValueTask<ImmutableArray<int>>(call) : call;
    }
}

/// <summary>A gateway behind a bad network, as far as routers are concerned.</summary>
internal sealed class FaultyEndpoint(IGatewayEndpoint inner, Faults faults) : IGatewayEndpoint
{
    public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries) => inner.PushAsync(clientId, epoch, deliveries);

    public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => inner.CloseAsync(clientId, epoch, reason);

    public Task<RoutePage> ReadRoutesAsync(int partition, int page) => inner.ReadRoutesAsync(partition, page);

    public Task<IGatewayConnections> GetConnectionsAsync() => inner.GetConnectionsAsync();

    public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call) => new(faults.CallAsync(() => inner.DeliverAsync(call).AsTask()));
}
