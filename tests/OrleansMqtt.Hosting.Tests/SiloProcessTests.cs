using System.Diagnostics;
using System.Reflection;

namespace OrleansMqtt.Hosting.Tests;

public sealed class SiloProcessTests
{
    [Theory]
    [InlineData(null, 2, "Cluster:Redis is empty, and a silo and its gateways find each other by it; allowed is a StackExchange.Redis connection string, or to start the gateway alone, which brings a silo of its own.")]
    [InlineData("--Cluster:Redis=127.0.0.1:1", 1, "Redis 127.0.0.1:1 cannot be reached: start Redis there, or correct the address in Cluster:Redis.")]
    [InlineData("--Cluster:Reds=127.0.0.1:1", 2, "Cluster:Redis is empty, and a silo and its gateways find each other by it; allowed is a StackExchange.Redis connection string, or to start the gateway alone, which brings a silo of its own.")]
    [InlineData("serve", 2, "The argument \"serve\" is not understood; allowed is --Section:Key=value, as in --Listeners:default:Bind=127.0.0.1:1883.")]
    public async Task Says_why_it_does_not_start(string? argument, int exitCode, string sentence)
    {
        var path = typeof(SiloProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "SiloAssembly").Value!;
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, path)), .. argument is null ? Array.Empty<string>() : [argument]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((exitCode, "", sentence), (process.ExitCode, await output, error.TrimEnd()));
    }
}
