using System.Globalization;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Interop.Tests.MqttJs;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Transports;

/// <summary>mqtt.js by every transport that it has.</summary>
public sealed class MqttJsTransportTests
{
    public static TheoryData<string, string, int> Scenarios => [.. from transport in (string[])["tls", "ws", "wss"] from name in (string[])["qos", "burst", "large_payload", "will"] from level in (int[])[4, 5] select (transport, name, level)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario(string transport, string name, int level)
    {
        MqttJsTests.Require();
        if (transport == "ws")
        {
            InteropTarget.SkipIfForeign();
            await using var gateway = await GatewayProcess.StartAsync([.. GatewayProcess.Embedded, "--Listeners:default:Transport=ws"]);
            await RunAsync(name, gateway.Address, level, "ws");
            return;
        }
        await using var broker = await TlsBroker.StartAsync(transport);
        await RunAsync(name, broker.Address, level, transport == "tls" ? "mqtts" : transport, broker.Authority.CaFile);
    }

    private static async Task RunAsync(string name, BrokerAddress address, int level, params string[] rest)
    {
        var result = await ExternalProcess.RunAsync(
            "node", [MqttJsTests.Script(name), address.Host, address.PortText, level.ToString(CultureInfo.InvariantCulture), new Names().Prefix, .. rest]);
        result.ShouldExitWith(0);
    }
}
