using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>A silo: its replica with its leases, and where topic grains may live. In a cluster without a membership nothing but time says that it routes no more.</summary>
internal sealed class SimulatedSilo : Node, ILocalSiloDetails, IDisposable
{
    private readonly LeasedAttachment _attachment;

    public SimulatedSilo(Cluster cluster, int number) : base(string.Create(CultureInfo.InvariantCulture, $"silo {number}"))
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), number);
        var partitions = new TopicPartitions(Cluster.Partitions);
        Fence = cluster.Membership?.Join(this);
        Leases = new RoutingLeases(Cluster.Partitions, cluster.Times, cluster.Time, Fence);
        Replica = new RouteReplica(partitions, Leases);
        _attachment = new LeasedAttachment(
            GrainsOf.Node(cluster, this), partitions, Replica, Leases, this, cluster.Times, cluster.Time, NullLogger<LeasedAttachment>.Instance, Fence);
        Started = _attachment.StartAsync(default);
    }

    public void Dispose() => _attachment.Dispose();

    public RouteReplica Replica { get; }

    public RoutingLeases Leases { get; }

    public SimulatedFence? Fence { get; }

    /// <summary>Until when it does not reach the membership table.</summary>
    public long CutFromTableUntil { get; set; }

    public Task Started { get; }

    public string ClusterId => "simulation";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; }

    public SiloAddress GatewayAddress => SiloAddress;
}
