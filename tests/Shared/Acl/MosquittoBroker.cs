using System.Globalization;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Tests.Acl;

/// <summary>A real mosquitto with an access list, on a free port of the loopback address.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly ExternalProcess _process;

    private MosquittoBroker(string accessList)
    {
        Port = FreePort.Take(1)[0];
        File.WriteAllText(_folder.File("acl"), accessList);
        // Of itself it would become a user who may not read the list.
        File.WriteAllText(_folder.File("conf"), string.Create(CultureInfo.InvariantCulture, $"listener {Port} 127.0.0.1\nallow_anonymous true\nacl_file {_folder.File("acl")}\nuser {Environment.UserName}\nlog_dest stdout\n"));
        _process = ExternalProcess.Start("stdbuf", ["-oL", Program, "-c", _folder.File("conf")]);
    }

    public int Port { get; }

    private static string Program => File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";

    public static async Task<MosquittoBroker> StartAsync(string accessList)
    {
        Tool.Require("stdbuf");
        if (Program == "mosquitto") Tool.Require(Program);
        var broker = new MosquittoBroker(accessList);
        await broker._process.LineAsync(" running");
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
