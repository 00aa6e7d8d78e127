using System.Collections.Concurrent;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>The gateways that a test knows. One that it has not heard of yet is waited for.</summary>
internal sealed class TestDirectory : IGatewayDirectory
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<IGatewayEndpoint?>> _known = new();

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _missing = new();

    /// <summary>Stands between routers and the gateways that are added from now on.</summary>
    public Func<IGatewayEndpoint, IGatewayEndpoint> Between { get; set; } = static endpoint => endpoint;

    public ValueTask<IGatewayEndpoint?> FindAsync(string gateway) => new(Of(gateway).Task);

    public Task WhenMissing(string gateway) => _missing.GetOrAdd(gateway, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Add(string gateway, IGatewayEndpoint endpoint) => Of(gateway).SetResult(Between(endpoint));

    /// <summary>It is gone for good.</summary>
    public void Remove(string gateway)
    {
        var gone = new TaskCompletionSource<IGatewayEndpoint?>();
        gone.SetResult(null);
        _known[gateway] = gone;
        _missing.GetOrAdd(gateway, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private TaskCompletionSource<IGatewayEndpoint?> Of(string gateway) => _known.GetOrAdd(gateway, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
