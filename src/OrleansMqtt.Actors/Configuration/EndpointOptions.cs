using System.Net;

namespace Orleans.Configuration;

/// <summary>Where a silo of a cluster listens, for silos and clients alike. Without effect for a silo that runs alone.</summary>
public class EndpointOptions
{
    /// <summary>The address under which others reach the silo. Default: loopback.</summary>
    public IPAddress? AdvertisedIPAddress { get; set; }

    /// <summary>The port; 0: a free one, which only makes sense where no other address is listened on. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Where it listens, if that is not where others reach it. Default: <see cref="AdvertisedIPAddress"/> and <see cref="SiloPort"/>.</summary>
    public IPEndPoint? SiloListeningEndpoint { get; set; }
}
