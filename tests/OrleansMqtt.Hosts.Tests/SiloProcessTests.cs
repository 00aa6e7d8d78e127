using System.Diagnostics;
using System.Reflection;

namespace OrleansMqtt.Hosts.Tests;

public sealed class SiloProcessTests
{
    [Theory]
    [InlineData(null, "A silo needs Cluster:Redis to be found by gateways, and cluster mode is not in this version yet; allowed is to start the gateway, which brings a silo of its own.")]
    [InlineData("--Cluster:Redis=redis.example:6379", "A silo needs Cluster:Redis to be found by gateways, and cluster mode is not in this version yet; allowed is to start the gateway, which brings a silo of its own.")]
    [InlineData("serve", "The argument \"serve\" is not understood; allowed is --Section:Key=value, as in --Listeners:default:Bind=127.0.0.1:1883.")]
    public async Task Says_why_it_does_not_start(string? argument, string sentence)
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
        Assert.Equal((2, "", sentence), (process.ExitCode, await output, error.TrimEnd()));
    }
}
