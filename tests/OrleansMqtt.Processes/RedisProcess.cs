namespace OrleansMqtt.Processes;

/// <summary>A redis-server that keeps nothing unless it is told to.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly ExternalProcess _process;

    private RedisProcess(ExternalProcess process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it listens, <c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Starts it and returns once it takes connections; skips the test where it is not installed.</summary>
    public static async Task<RedisProcess> StartAsync(string directory, params string[] arguments)
    {
        Tool.Require("redis-server");
        var port = FreePort.Take(1)[0];
        var process = ExternalProcess.Start("redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", directory, "--save", "", .. arguments]);
        try
        {
            await process.LineAsync("Ready to accept connections");
            return new RedisProcess(process, $"127.0.0.1:{port}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
