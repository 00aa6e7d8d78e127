using System.Text.RegularExpressions;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Interop.Tests.Paho;

namespace OrleansMqtt.Interop.Tests.Hosts;

/// <summary>How the gateway process starts, and what it says then.</summary>
public sealed partial class StartTests
{
    public StartTests() => InteropTarget.SkipIfForeign();

    [Fact]
    public async Task One_line_says_what_runs_and_where()
    {
        await using var gateway = await GatewayProcess.StartAsync(GatewayProcess.Embedded);

        Assert.Matches(StartLine, gateway.StartLine);
    }

    [Fact]
    public async Task The_environment_names_the_listener()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            ["--Store:Path=memory", "--Http:Bind=none"],
            new Dictionary<string, string> { ["OrleansMqtt__Listeners__default__Bind"] = "127.0.0.1:0" });

        await PahoScenario.RunAsync("qos", gateway.Address, level: 4);
    }

    [Fact]
    public async Task The_command_line_overrides_the_environment()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            GatewayProcess.Embedded,
            new Dictionary<string, string> { ["OrleansMqtt__Listeners__default__Bind"] = "nonsense" });

        Assert.Matches(StartLine, gateway.StartLine);
    }

    [Fact]
    public async Task Every_listener_is_named_in_the_start_line()
    {
        await using var gateway = await GatewayProcess.StartAsync([.. GatewayProcess.Embedded, "--Listeners:second:Bind=127.0.0.1:0"]);

        Assert.Equal(2, Endpoint.Count(gateway.StartLine));
        foreach (var match in Endpoint.Matches(gateway.StartLine).AsEnumerable())
            await PahoScenario.RunAsync("qos", BrokerAddress.Parse(match.Groups["address"].Value), level: 5);
    }

    [Fact]
    public async Task A_keep_alive_limit_is_announced()
    {
        await using var gateway = await GatewayProcess.StartAsync([.. GatewayProcess.Embedded, "--Limits:MaxKeepAliveSeconds=30"]);

        await PahoScenario.RunAsync("server_keep_alive", gateway.Address, level: 5, "30");
    }

    [GeneratedRegex(@"^OrleansMqtt \S+: listening on default mqtt://127\.0\.0\.1:[1-9]\d* \(tcp\); store memory, durability memory$")]
    private static partial Regex StartLine { get; }

    [GeneratedRegex(@"(default|second) mqtt://(?<address>127\.0\.0\.1:\d+) \(tcp\)")]
    private static partial Regex Endpoint { get; }
}
