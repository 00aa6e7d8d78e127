using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Hosting.Gateways;

/// <summary>The one line that says what listens where and what holds; scripts read addresses from it.</summary>
internal static class StartLine
{
    /// <summary>Makes it.</summary>
    public static string Of(IServiceProvider services, ClusterSettings cluster)
    {
        var listeners = string.Join(", ", services.GetRequiredService<MqttGateway>().Listeners.Select(Describe));
        var http = services.GetRequiredService<HttpServer>().Address is { } address ? $"; {address}" : "";
        var store = services.GetService<IStoreStatus>() is { } status ? $"store {status.Description}, durability {status.Durability}" : $"gateway of cluster {cluster.Id}";
        return $"OrleansMqtt {ProgramVersion.Text}: listening on {listeners}{http}; {store}";
    }

    private static string Describe(BoundListener listener)
    {
        var faults = listener.HasFaults ? ", injects faults" : "";
        return listener.EndPoint is UnixDomainSocketEndPoint path
            ? $"{listener.Name} unix:{path} ({(listener.Scheme == "mqtt" ? "unix" : $"unix, {listener.Scheme}")}{faults})"
            : $"{listener.Name} {listener.Scheme}://{listener.EndPoint} ({(listener.Scheme == "quic" ? "udp" : "tcp")}{faults})";
    }
}
