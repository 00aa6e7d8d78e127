using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Finds a broker's address, once for all connections.</summary>
internal static class BrokerAddress
{
    /// <summary>Looks the host up.</summary>
    /// <returns>The end point, or a sentence that says why there is none.</returns>
    public static async Task<(IPEndPoint? EndPoint, string? Problem)> FindAsync(BrokerSettings broker, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(broker.Host, cancellationToken);
            // The older family first: a broker that listens on one family only, listens on that.
            var address = addresses.OrderBy(static a => a.AddressFamily != AddressFamily.InterNetwork).FirstOrDefault();
            return address is null ? (null, $"Host {broker.Host} has no address.") : (new IPEndPoint(address, broker.Port), null);
        }
        catch (SocketException exception)
        {
            return (null, $"Host {broker.Host} was not found: {exception.Message.TrimEnd('.')}.");
        }
    }
}
