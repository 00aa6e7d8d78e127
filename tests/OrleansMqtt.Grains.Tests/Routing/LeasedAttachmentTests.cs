using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class LeasedAttachmentTests
{
    /// <summary>Topic grains that note who calls.</summary>
    public class Topics : DispatchProxy
    {
        public List<string> Callers { get; private set; } = [];

        public SemaphoreSlim Attached { get; private set; } = new(0);

        public SemaphoreSlim Renewed { get; private set; } = new(0);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IGrainFactory.GetGrain):
                    var topic = DispatchProxy.Create<ITopicGrain, Topics>();
                    (((Topics)(object)topic).Callers, ((Topics)(object)topic).Attached, ((Topics)(object)topic).Renewed) = (Callers, Attached, Renewed);
                    return topic;
                case nameof(IGrainFactory.CreateObjectReference):
                    return args![0];
                case nameof(ITopicGrain.AttachLeasedAsync):
                    Callers.Add((string)args![0]!);
                    Attached.Release();
                    return Task.FromResult(1L);
                case nameof(ITopicGrain.RenewLeaseAsync):
                    Renewed.Release();
                    return Task.FromResult(true);
                case nameof(ITopicGrain.DetachAsync):
                    Callers.Add((string)args![0]!);
                    return Task.CompletedTask;
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }

    private sealed class Silo : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "host";

        // What every silo has before it has its own.
        public SiloAddress SiloAddress { get; set; } = SiloAddress.New(IPAddress.Loopback, 0, 1);

        public SiloAddress GatewayAddress => SiloAddress.Zero;
    }

    [Fact]
    public async Task A_silo_attaches_under_the_address_that_it_gets_when_it_starts()
    {
        using var attachment = Create(out var silo, out var grains, out _);
        silo.SiloAddress = SiloAddress.New(IPAddress.Loopback, 7, 8);
        await attachment.StartAsync(TestContext.Current.CancellationToken);
        await attachment.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat(silo.SiloAddress.ToString(), 4), grains.Callers);
    }

    [Fact]
    public async Task A_silo_whose_lease_is_ended_asks_for_another_at_once()
    {
        using var attachment = Create(out _, out var grains, out var leases);
        await attachment.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++) await AttachesAsync();
        leases.Revoke(1);
        await AttachesAsync();
        await attachment.StopAsync(TestContext.Current.CancellationToken);

        // The clock stands.
        async Task AttachesAsync() => Assert.True(await grains.Attached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_silo_asks_for_all_leases_anew_when_another_is_gone()
    {
        var fence = new ManualFence("other");
        using var attachment = Create(out _, out var grains, out _, fence);
        await attachment.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++) await RenewsAsync();
        Assert.Equal(0, grains.Renewed.CurrentCount);
        fence.Bury("other");
        for (var i = 0; i < 2; i++) await RenewsAsync();
        await attachment.StopAsync(TestContext.Current.CancellationToken);

        // The clock stands.
        async Task RenewsAsync() => Assert.True(await grains.Renewed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private static LeasedAttachment Create(out Silo silo, out Topics topics, out RoutingLeases leases, ISiloFence? fence = null)
    {
        var (time, times, partitions) = (new ManualTimeProvider(), new LeaseTimes(), new TopicPartitions(2));
        var grains = DispatchProxy.Create<IGrainFactory, Topics>();
        (silo, topics, leases) = (new Silo(), (Topics)(object)grains, new RoutingLeases(2, times, time));
        return new LeasedAttachment(grains, partitions, new RouteReplica(partitions, leases), leases, silo, times, time, NullLogger<LeasedAttachment>.Instance, fence);
    }
}
