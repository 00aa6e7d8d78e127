using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Membership;

/// <summary>A lease, and a registry that answers when the test says so.</summary>
public sealed class GatewayLeaseTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly GatewayIdentity _identity = new("g");
    private readonly GatewayLease _lease;
    private readonly SemaphoreSlim _called = new(0);
    private readonly SemaphoreSlim _over = new(0);
    private volatile bool _answersAtOnce;
    private readonly Queue<(string Call, TaskCompletionSource<bool> Answer)> _calls = new();

    public GatewayLeaseTests()
    {
        _lease = new GatewayLease(RegistryProxy.Of(new Registry(this)), _identity, new LeaseTimes(), _time, NullLogger<GatewayLease>.Instance);
    }

    [Fact]
    public async Task It_is_in_force_for_its_time_from_before_the_call_that_was_answered()
    {
        var started = StartAsync();
        var register = await NextAsync("register g");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_lease.IsInForce);
        register.SetResult(true);
        await started;

        Assert.True(_lease.IsInForce);
        _time.Leap(TimeSpan.FromSeconds(3));
        Assert.False(_lease.IsInForce);
    }

    [Fact]
    public async Task A_heartbeat_extends_it_though_one_before_hangs()
    {
        await RegisteredAsync();
        await BeatAsync(); // hangs
        _answersAtOnce = true;
        await BeatAsync();
        _answersAtOnce = false;
        await BeatAsync();
        await BeatAsync(); // 4 seconds since it was registered, 2 since the heartbeat that was answered

        Assert.True(_lease.IsInForce);
        _time.Leap(TimeSpan.FromSeconds(2));
        Assert.False(_lease.IsInForce);
    }

    [Fact]
    public async Task When_it_is_over_no_late_answer_brings_it_back_and_the_gateway_begins_under_another_name()
    {
        await RegisteredAsync();
        var late = await BeatAsync();
        _time.Leap(TimeSpan.FromSeconds(3));
        late.SetResult(true);
        await OverAsync();
        Assert.False(_lease.IsInForce);
        (await NextAsync("register g+1")).SetResult(true);
        await UntilInForceAsync();

        Assert.Equal("g+1", _identity.Name);
    }

    [Fact]
    public async Task A_gateway_that_is_held_for_gone_ends_its_clients_at_once()
    {
        await RegisteredAsync();
        (await BeatAsync()).SetResult(false);
        await OverAsync();

        Assert.False(_lease.IsInForce);
        await NextAsync("register g+1");
    }

    [Fact]
    public async Task A_name_that_took_longer_than_a_lease_to_register_is_not_used()
    {
        _ = StartAsync();
        var slow = await NextAsync("register g");
        _time.Advance(TimeSpan.FromSeconds(4));
        var resting = TimerOf(TimeSpan.FromSeconds(0.1));
        slow.SetResult(true);
        await resting;
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await NextAsync("register g+1")).SetResult(true);
        await UntilInForceAsync();
    }

    [Fact]
    public async Task A_name_of_which_it_is_not_known_whether_it_was_registered_is_not_used()
    {
        _ = StartAsync();
        var lost = await NextAsync("register g");
        var resting = TimerOf(TimeSpan.FromSeconds(0.1));
        lost.SetException(new TimeoutException());
        await resting;
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await NextAsync("register g+1")).SetResult(true);
        await UntilInForceAsync();
    }

    [Fact]
    public async Task A_gateway_that_stops_leaves()
    {
        await RegisteredAsync();
        var stopped = _lease.StopAsync();
        (await NextAsync("leave g")).SetResult(true);
        await stopped;

        Assert.False(_lease.IsInForce);
    }

    public void Dispose()
    {
        _lease.Dispose();
        _called.Dispose();
        _over.Dispose();
    }

    private Task StartAsync() => _lease.StartAsync(null!, () => _over.Release(), TestContext.Current.CancellationToken);

    private async Task RegisteredAsync()
    {
        var set = TimerOf(TimeSpan.FromSeconds(1));
        var started = StartAsync();
        (await NextAsync("register g")).SetResult(true);
        await started;
        await set;
    }

    private async Task<TaskCompletionSource<bool>> BeatAsync()
    {
        var set = TimerOf(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        var answer = await NextAsync("renew g");
        await set;
        return answer;
    }

    // Before a timer is set, moving the clock would skip it.
    private Task TimerOf(TimeSpan due)
    {
        var isSet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _time.TimerSet += set =>
        {
            if (set == due) isSet.TrySetResult();
        };
        return isSet.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task UntilInForceAsync()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_lease.IsInForce)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task OverAsync() => Assert.True(await _over.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

    private async Task<TaskCompletionSource<bool>> NextAsync(string expected)
    {
        Assert.True(await _called.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        lock (_calls)
        {
            var (call, answer) = _calls.Dequeue();
            Assert.Equal(expected, call);
            return answer;
        }
    }

    private Task<bool> Called(string call)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_answersAtOnce) answer.SetResult(true);
        lock (_calls) _calls.Enqueue((call, answer));
        _called.Release();
        return answer.Task;
    }

    // No class, or silos of other tests would take it for a grain.
    private readonly struct Registry(GatewayLeaseTests test) : IGatewayRegistryGrain
    {
        public Task<bool> RegisterAsync(string name, IGatewayEndpoint endpoint) => test.Called($"register {name}");

        public Task<bool> RenewAsync(string name, IGatewayEndpoint endpoint) => test.Called($"renew {name}");

        public Task LeaveAsync(string name) => test.Called($"leave {name}");

        public Task<GatewayRoster> ReadAsync() => throw new NotSupportedException();

        public Task<GatewayRoster> WatchAsync(string silo, IGatewayWatcher watcher) => throw new NotSupportedException();
    }

    /// <summary>Finds the registry and nothing else. Public and not sealed, as the proxy derives from it.</summary>
    public class RegistryProxy : DispatchProxy
    {
        private IGatewayRegistryGrain? _registry;

        /// <summary>A factory that knows <paramref name="registry"/>.</summary>
        public static IGrainFactory Of(IGatewayRegistryGrain registry)
        {
            var proxy = Create<IGrainFactory, RegistryProxy>();
            ((RegistryProxy)(object)proxy)._registry = registry;
            return proxy;
        }

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _registry;
    }
}
