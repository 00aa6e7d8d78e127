using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Faults;

/// <summary>A folder with the files of a listener that injects faults, and brokers with such a listener.</summary>
internal sealed class FaultFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-faults-");

    public string Folder => _folder.FullName;

    public string Config => Path.Combine(Folder, "mqttd.config");

    public string Transcript => Path.Combine(Folder, "server.input");

    /// <summary>What has been logged by brokers of this folder.</summary>
    public CollectedLog Log { get; } = new();

    /// <summary>The lines of the transcript.</summary>
    public string[] Lines => File.ReadAllLines(Transcript);

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public Task<TestBroker> StartAsync(FaultProfile? profile = null, bool hasFile = false, string? transcript = null) => StartAsync(new ListenerFaultOptions
    {
        Profile = profile ?? new(),
        File = hasFile ? Config : null,
        TestFiles = Folder,
        Transcript = transcript ?? Transcript,
    });

    public Task<TestBroker> StartAsync(ListenerFaultOptions faults) =>
        TestBroker.StartAsync(listener: new ListenerOptions { Faults = faults }, configure: services => services.AddLogging(logging => logging.AddProvider(Log)));

    public void Dispose()
    {
        Log.Dispose();
        _folder.Delete(recursive: true);
    }
}
