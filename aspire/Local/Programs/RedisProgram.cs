using System.Globalization;
using OrleansMqtt.AppHost.Local.Readiness;
using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Local.Programs;

/// <summary>Redis as a program.</summary>
internal static class RedisProgram
{
    /// <summary>Describes it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="file">Where redis-server is.</param>
    /// <param name="port">Where it listens, on the loopback address.</param>
    public static ProgramDescription Of(RedisNode node, string file, int port) => new(
        RedisNode.Name,
        file,
        ["--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", node.DataDirectory, "--daemonize", "no", "--always-show-logo", "no", .. RedisNode.Settings],
        new Dictionary<string, string>(),
        ReadsConfiguration: false,
        static () => new LineProbe("Ready to accept connections"));
}
