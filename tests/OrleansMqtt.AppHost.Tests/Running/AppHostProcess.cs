using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using OrleansMqtt.Interop.Tests.Processes;

namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>The program, as its users start it, with its children.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    // Far above what any test takes on a loaded machine.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);
    private readonly TemporaryDirectory _data;
    private readonly ExternalProcess _process;

    private AppHostProcess(TemporaryDirectory data, ExternalProcess process, int firstPort) => (_data, _process, FirstPort) = (data, process, firstPort);

    /// <summary>Port of the first gateway.</summary>
    public int FirstPort { get; }

    /// <summary>What it has written so far.</summary>
    public IReadOnlyList<string> Output => _process.Output;

    /// <summary>Starts it with a Redis server of its own.</summary>
    public static AppHostProcess Start(int gateways, int silos, IReadOnlyDictionary<string, string>? environment = null)
    {
        Tool.Require("redis-server", "setpriv", "setsid");
        var data = new TemporaryDirectory();
        var port = FindPorts(gateways);
        var process = Launch(environment, "--silos", $"{silos}", "--gateways", $"{gateways}", "--port", $"{port}", "--data", data.File("redis"));
        return new AppHostProcess(data, process, port);
    }

    /// <summary>Starts it with nothing but arguments.</summary>
    public static ExternalProcess Launch(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        var path = typeof(AppHostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "AppHostAssembly").Value!;
        return ExternalProcess.Start(OrleansMqtt.AppHost.Local.Processes.ProgramPath.DotNet, [Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, path)), .. arguments], environment, Lifetime);
    }

    /// <summary>Waits for the line that says where to connect.</summary>
    public Task ReadyAsync() => _process.LineAsync(static line => line.StartsWith("OrleansMqtt cluster is ready: ", StringComparison.Ordinal), "the cluster is ready");

    /// <summary>Waits until a program's first process is there.</summary>
    public Task StartedAsync(string name) => _process.LineAsync(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains("(started as process ", StringComparison.Ordinal), $"{name} is started");

    /// <summary>Waits until a program has been started again and serves.</summary>
    public async Task ReadyAgainAsync(string name)
    {
        var count = 0;
        await _process.LineAsync(line => IsReady(line, name) && ++count == 2, $"{name} is ready for the second time");
    }

    /// <summary>The process that a program was last started as.</summary>
    public int ProcessOf(string name) => Started(name).Last();

    /// <summary>All processes that were started.</summary>
    public IReadOnlyList<int> Processes => [.. Started(@"[a-z0-9-]+")];

    /// <summary>SIGTERM, then the end.</summary>
    public Task<ProcessResult> StopAsync()
    {
        _process.Terminate();
        return _process.ExitAsync();
    }

    /// <summary>The end, whatever brings it.</summary>
    public Task<ProcessResult> ExitAsync() => _process.ExitAsync();

    /// <summary>SIGKILL, for the program alone.</summary>
    public async Task KillAsync()
    {
        ProcessTable.Kill(_process.Id);
        await _process.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        // Shown where the test failed.
        TestContext.Current.TestOutputHelper?.WriteLine(_process.Transcript);
        foreach (var process in Processes) await ProcessTable.GoneAsync(process);
        _data.Dispose();
    }

    private static bool IsReady(string line, string name) => line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith("| (ready)", StringComparison.Ordinal);

    private IEnumerable<int> Started(string name) => Output
        .Select(line => Regex.Match(line, $@"^{name} *\| \(started as process (?<id>\d+)\)$", RegexOptions.NonBacktracking))
        .Where(static match => match.Success)
        .Select(static match => int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture));

    /// <summary>The first of so many ports in a row that nobody listens on, from below those that the system gives out by itself.</summary>
    private static int FindPorts(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
