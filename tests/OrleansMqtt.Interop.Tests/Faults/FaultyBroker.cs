using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Faults;

/// <summary>A gateway process whose listener does what a file in the format of curl's mqttd.config says, and writes down what passes.</summary>
public sealed class FaultyBroker : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // Only a hang ends here.
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _folder = new();
    private readonly SemaphoreSlim _changes = new(0);
    private FileSystemWatcher? _watcher;
    private GatewayProcess? _gateway;

    internal BrokerAddress Address => _gateway!.Address;

    internal string Folder => _folder.Path;

    internal string StartLine => _gateway!.StartLine;

    private string Config => _folder.File("mqttd.config");

    private string Transcript => _folder.File("server.input");

    public async ValueTask InitializeAsync()
    {
        if (InteropTarget.Address is not null) return;
        _watcher = new FileSystemWatcher(_folder.Path, "server.input");
        _watcher.Changed += (_, _) => _changes.Release();
        _watcher.EnableRaisingEvents = true;
        _gateway = await GatewayProcess.StartAsync(
            [
                .. GatewayProcess.Embedded, $"--Listeners:default:Faults:File={Config}", $"--Listeners:default:Faults:TestFiles={_folder.Path}", $"--Listeners:default:Faults:Transcript={Transcript}",
            ],
            lifetime: Lifetime);
    }

    /// <summary>Connections from now on do what the file says; the transcript begins anew.</summary>
    internal void Configure(string text)
    {
        File.Delete(Transcript);
        File.WriteAllText(Config, text);
    }

    /// <summary>The transcript, when it has so many lines: the last packets of a client may be read when it has gone already.</summary>
    internal async Task<string[]> ReadTranscriptAsync(int lines)
    {
        while (true)
        {
            var read = File.Exists(Transcript) ? await File.ReadAllLinesAsync(Transcript, TestContext.Current.CancellationToken) : [];
            if (read.Length >= lines || !await _changes.WaitAsync(HangGuard, TestContext.Current.CancellationToken)) return read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        if (_gateway is not null) await _gateway.DisposeAsync();
        _changes.Dispose();
        _folder.Dispose();
    }
}
