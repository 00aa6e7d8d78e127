using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Interop.Tests.Paho;

namespace OrleansMqtt.Interop.Tests.Hosts;

/// <summary>SIGTERM: the gateway says good-bye to its clients and ends with exit code 0.</summary>
public sealed class ShutdownTests
{
    public ShutdownTests() => InteropTarget.SkipIfForeign();

    [Fact]
    public async Task An_idle_gateway_ends_with_exit_code_0()
    {
        await using var gateway = await GatewayProcess.StartAsync(GatewayProcess.Embedded);

        var result = await gateway.StopAsync();
        result.ShouldExitWith(0);
        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_connected_client_is_told_in_version_5_and_closed_in_the_others(int level)
    {
        await using var gateway = await GatewayProcess.StartAsync(GatewayProcess.Embedded);
        await using var client = await PahoScenario.StartAsync("server_shutting_down", gateway.Address, level, new Names());
        await client.LineAsync("ready");

        (await gateway.StopAsync()).ShouldExitWith(0);
        (await client.ExitAsync()).ShouldExitWith(0);
    }
}
