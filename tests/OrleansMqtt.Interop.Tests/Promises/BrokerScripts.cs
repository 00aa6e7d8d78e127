using System.Globalization;
using System.Diagnostics;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Promises;

/// <summary>The shell scripts with which the checker kills and restarts the gateway, and its redis-server if it has one. What runs in the end is killed by its id.</summary>
internal sealed class BrokerScripts : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private BrokerScripts(int port) => Port = port;

    /// <summary>Where the gateway listens, each time.</summary>
    public int Port { get; }

    public string Kill => $"sh '{_directory.File("kill.sh")}'";

    public string Restart => $"sh '{_directory.File("restart.sh")}'";

    /// <summary>All that the processes have said.</summary>
    public string Logs => string.Join('\n', Directory.GetFiles(_directory.Path, "*.log").Select(static file => $"--- {Path.GetFileName(file)}\n{File.ReadAllText(file)}"));

    /// <summary>A gateway with the embedded store.</summary>
    public static BrokerScripts Embedded()
    {
        var scripts = new BrokerScripts(FreePort.Take(1)[0]);
        scripts.Write(scripts.GatewayStart("--Store:Path=data --Store:Durability=process"), "gateway");
        return scripts;
    }

    /// <summary>A gateway with a Redis that writes everything to the disk before it answers. Both are killed.</summary>
    public static BrokerScripts WithRedis()
    {
        Tool.Require("redis-server", "redis-cli");
        var ports = FreePort.Take(2);
        var scripts = new BrokerScripts(ports[0]);
        scripts.Write(
            $$"""
            redis-server --bind 127.0.0.1 --port {{ports[1]}} --save '' --appendonly yes --appendfsync always >>redis.log 2>&1 &
            echo $! >redis.pid
            until redis-cli -p {{ports[1]}} ping 2>/dev/null | grep -q PONG; do kill -0 $(cat redis.pid) || exit 1; sleep 0.05; done
            {{scripts.GatewayStart($"--Store:Redis=127.0.0.1:{ports[1]} --Store:Durability=disk --Store:Strict=true")}}
            """,
            "gateway", "redis");
        return scripts;
    }

    public void Dispose()
    {
        foreach (var file in Directory.GetFiles(_directory.Path, "*.pid")) KillProcess(int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture));
        _directory.Dispose();
    }

    private string GatewayStart(string store) =>
        $"""
        "{BuiltProgram.DotNet}" "{BuiltProgram.Gateway}" --Listeners:default:Bind=127.0.0.1:{Port} --Http:Bind=none {store} >>gateway.log 2>&1 &
        echo $! >gateway.pid
        """;

    private void Write(string restart, params string[] processes)
    {
        File.WriteAllText(_directory.File("restart.sh"), $"cd '{_directory.Path}'\n{restart}\n");
        File.WriteAllText(_directory.File("kill.sh"), $"cd '{_directory.Path}'\nkill -9 {string.Join(' ', processes.Select(static name => $"$(cat {name}.pid)"))}\n");
    }

    private static void KillProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
