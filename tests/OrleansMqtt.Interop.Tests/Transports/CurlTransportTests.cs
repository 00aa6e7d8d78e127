using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Transports;

/// <summary>curl, which speaks TLS and HTTP, but MQTT over neither.</summary>
public sealed class CurlTransportTests
{
    public CurlTransportTests() => Tool.Require("curl");

    [Fact]
    public async Task Curl_finds_the_certificate_of_a_secure_WebSocket_listener_good_and_gets_its_answers()
    {
        await using var broker = await TlsBroker.StartAsync("wss");
        Assert.Equal("426", await StatusAsync(broker.Authority.CaFile, $"https://localhost:{broker.Address.PortText}/mqtt"));
        Assert.Equal("404", await StatusAsync(broker.Authority.CaFile, $"https://localhost:{broker.Address.PortText}/"));
    }

    [Fact]
    public async Task Curl_is_closed_where_it_speaks_no_TLS()
    {
        await using var broker = await TlsBroker.StartAsync("tls");
        var result = await ExternalProcess.RunAsync("curl", ["-sS", $"http://localhost:{broker.Address.PortText}/"]);
        Assert.NotEqual(0, result.ExitCode);
    }

    private static async Task<string> StatusAsync(string authority, string url)
    {
        var result = await ExternalProcess.RunAsync("curl", ["-sS", "--http1.1", "--cacert", authority, "-o", "/dev/null", "-w", "%{http_code}\n", url]);
        return Assert.Single(result.ShouldExitWith(0).Output);
    }
}
