using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Grains.Routing;
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

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IGrainFactory.GetGrain):
                    var topic = DispatchProxy.Create<ITopicGrain, Topics>();
                    ((Topics)(object)topic).Callers = Callers;
                    return topic;
                case nameof(IGrainFactory.CreateObjectReference):
                    return args![0];
                case nameof(ITopicGrain.AttachLeasedAsync):
                    Callers.Add((string)args![0]!);
                    return Task.FromResult(1L);
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
        var (time, silo, leases) = (new ManualTimeProvider(), new Silo(), new LeaseTimes());
        var grains = DispatchProxy.Create<IGrainFactory, Topics>();
        var (partitions, routing) = (new TopicPartitions(2), new RoutingLeases(2, leases, time));
        using var attachment = new LeasedAttachment(
            grains, partitions, new RouteReplica(partitions, routing), routing, silo, leases, time, NullLogger<LeasedAttachment>.Instance);
        silo.SiloAddress = SiloAddress.New(IPAddress.Loopback, 7, 8);
        await attachment.StartAsync(TestContext.Current.CancellationToken);
        await attachment.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat(silo.SiloAddress.ToString(), 4), ((Topics)(object)grains).Callers);
    }
}
