using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Storage.Redis.Tests.Support;

/// <summary>A redis-server of its own: on a free port of the loopback address, with its data in a directory that goes when it is disposed of.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-redis-");
    private Process? _process;

    private RedisServer(int port) => Port = port;

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Why the tests that need redis-server are skipped; null: it is there.</summary>
    public static string? Missing { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server")))
        ? null : "redis-server is not installed.";

    /// <summary>Starts one.</summary>
    /// <param name="settings">Settings as on its command line, in addition to those that every one gets.</param>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var server = new RedisServer(FindFreePort());
        await server.RunAsync(settings);
        return server;
    }

    /// <summary>Starts the server again over the data that it had.</summary>
    public Task RunAsync(params string[] settings) => RunUntilAsync("Ready to accept connections", settings);

    /// <summary>Starts the server again and waits for a line of its log.</summary>
    public async Task RunUntilAsync(string text, params string[] settings)
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        string[] always = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _directory.FullName, "--save", "", "--daemonize", "no"];
        foreach (var argument in (string[])[.. always, .. settings]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var output = _process.StandardOutput;
        while (await output.ReadLineAsync() is { } line)
        {
            if (!line.Contains(text, StringComparison.Ordinal)) continue;
            // Nobody reads on, so the rest must not fill the pipe.
            _ = output.BaseStream.CopyToAsync(Stream.Null);
            return;
        }
        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends the process a signal, such as STOP or CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
