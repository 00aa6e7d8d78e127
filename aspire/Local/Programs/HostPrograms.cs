using System.Globalization;
using System.Reflection;
using OrleansMqtt.AppHost.Local.Processes;
using OrleansMqtt.AppHost.Local.Readiness;
using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Local.Programs;

/// <summary>Silos and gateways as programs.</summary>
/// <param name="redis">Connection string of the cluster's Redis.</param>
/// <param name="http">Asks them whether they are ready.</param>
/// <param name="time">The clock.</param>
internal sealed class HostPrograms(string redis, HttpClient http, TimeProvider time)
{
    private const string AnyPort = "127.0.0.1:0";

    /// <summary>Describes a silo.</summary>
    public ProgramDescription Of(SiloNode silo) => Host(silo.Name, "SiloAssembly");

    /// <summary>Describes a gateway.</summary>
    public ProgramDescription Of(GatewayNode gateway) => Host(
        gateway.Name, "GatewayAssembly", HostKeys.Argument(HostKeys.Listener, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gateway.Port}")));

    private ProgramDescription Host(string name, string assembly, params ReadOnlySpan<string> arguments) => new(
        name,
        ProgramPath.DotNet,
        [PathOf(assembly), HostKeys.Argument(HostKeys.Http, AnyPort), .. arguments],
        // Not an argument: everybody on this machine can read those, and a connection string may hold a password.
        new Dictionary<string, string> { [HostKeys.Variable(HostKeys.Redis)] = redis },
        ReadsConfiguration: true,
        () => new HostProbe(http, time));

    private static string PathOf(string assembly)
    {
        var path = typeof(HostPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == assembly).Value!;
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, path));
    }
}
