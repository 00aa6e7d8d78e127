using System.Globalization;
using System.Text.RegularExpressions;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Brokers;

/// <summary>The gateway host that this repository builds, as a process.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    /// <summary>Everything in memory, no HTTP endpoint, a free port on the loopback address.</summary>
    public static readonly string[] Embedded = ["--Listeners:default:Bind=127.0.0.1:0", "--Store:Path=memory", "--Http:Bind=none"];

    private readonly ExternalProcess _process;

    private GatewayProcess(ExternalProcess process, string startLine, BrokerAddress address)
    {
        _process = process;
        StartLine = startLine;
        Address = address;
    }

    public string StartLine { get; }

    public BrokerAddress Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts the host without waiting for anything.</summary>
    /// <param name="lifetime">The process is killed after this time; a fixture's outlives all tests of its collection.</param>
    public static ExternalProcess Launch(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? lifetime = null)
    {
        return ExternalProcess.Start(BuiltProgram.DotNet, [BuiltProgram.Gateway, .. arguments], environment, lifetime);
    }

    /// <summary>Starts the host and returns once it has said where it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? lifetime = null)
    {
        var process = Launch(arguments, environment, lifetime);
        try
        {
            var line = await process.LineAsync(MqttEndpoint.IsMatch, "the start line with scheme://host:port");
            var match = MqttEndpoint.Match(line);
            var port = int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);
            return new GatewayProcess(process, line, new BrokerAddress(match.Groups["host"].Value, port));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM, then the end of the process.</summary>
    public Task<ProcessResult> StopAsync()
    {
        _process.Terminate();
        return _process.ExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"(mqtts?|wss?)://(?<host>[^:]+):(?<port>\d+)")]
    private static partial Regex MqttEndpoint { get; }
}
