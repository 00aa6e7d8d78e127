using System.Net;
using System.Net.Sockets;
using System.Reflection;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Storage;

namespace OrleansMqtt.GatewayHost;

/// <summary>The one line that says what listens where and what holds; scripts read addresses from it.</summary>
internal static class StartLine
{
    /// <summary>Makes it.</summary>
    public static string Of(IEnumerable<BoundListener> listeners, string? http, IStoreStatus store) =>
        $"OrleansMqtt {Version}: listening on {string.Join(", ", listeners.Select(Describe))}{(http is null ? "" : $"; {http}")}; store {store.Description}, durability {store.Durability}";

    // Without the commit that the SDK appends after a plus sign.
    private static string Version => typeof(StartLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Describe(BoundListener listener) => listener.EndPoint is UnixDomainSocketEndPoint path
        ? $"{listener.Name} unix:{path} (unix)"
        : $"{listener.Name} {listener.Scheme}://{listener.EndPoint} (tcp)";
}
