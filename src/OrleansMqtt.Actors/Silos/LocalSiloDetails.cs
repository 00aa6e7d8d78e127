using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Silos;

internal sealed class LocalSiloDetails(IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster) : ILocalSiloDetails
{
    private static int _runs;

    public string Name { get; } = silo.Value.SiloName;

    public string ClusterId { get; } = cluster.Value.ClusterId;

    public string DnsHostName { get; } = Dns.GetHostName();

    // A silo that runs alone listens nowhere; the generation alone tells its runs apart. One of a cluster gets its address when it has its port.
    public SiloAddress SiloAddress { get; set; } = SiloAddress.New(IPAddress.Loopback, 0, Interlocked.Increment(ref _runs));

    public SiloAddress GatewayAddress => SiloAddress.Zero;
}
