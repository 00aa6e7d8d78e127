using OrleansMqtt.Cli.Tests.Harness;

namespace OrleansMqtt.Cli.Tests.Runs;

/// <summary>Each subcommand against the real gateway. The counts end the runs; the durations only bound them.</summary>
public sealed class GatewayRunTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("--qos 0")]
    [InlineData("--qos 1 --window 3")]
    [InlineData("--qos 2 --window 3")]
    [InlineData("--qos 0 --protocol 5.0 --burst 1")]
    [InlineData("--qos 1 --protocol 5.0 --payload 100000")]
    [InlineData("--qos 2 --protocol 5.0 --payload 16")]
    public async Task Throughput_of_pairs(string options)
    {
        var result = await RunAsync($"throughput --publishers 3 --subscribers 3 --count 50 {options}");
        result.ShouldExitWith(0);
        Assert.Equal((150, 150), (result.Message("sent"), result.Message("received")));
        Assert.Equal(options.Contains("--qos 0", StringComparison.Ordinal) ? 0 : 150, result.Message("acknowledged"));
        Assert.Equal((0, 0, 0), (result.Message("lost"), result.Message("duplicated"), result.Message("reordered")));
        Assert.Equal(150, result.Json.GetProperty("latencyMicroseconds").GetProperty("count").GetInt64());
        Assert.True(result.Json.GetProperty("receivedPerSecond").GetDouble() > 0);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task Throughput_by_another_transport(string transport)
    {
        var result = await Tool.RunAsync(
            $"bench throughput --publishers 2 --subscribers 2 --count 300 --qos 1 --payload 2000 --host localhost --port {gateway.Ports[transport]} --transport {transport} --cafile {gateway.AuthorityFile} --json -");
        result.ShouldExitWith(0);
        Assert.Equal((600, 600, 600), (result.Message("sent"), result.Message("acknowledged"), result.Message("received")));
        Assert.Equal(transport, result.Json.GetProperty("broker").GetProperty("transport").GetString());
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("wss")]
    public async Task An_authority_that_nobody_trusts_ends_the_run(string transport)
    {
        var result = await Tool.RunAsync($"bench connect --clients 1 --host localhost --port {gateway.Ports[transport]} --transport {transport}");
        Assert.Equal(1, result.Code);
        Assert.Contains("Could not connect", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("own")]
    [InlineData("one")]
    public async Task Throughput_where_every_subscriber_gets_all(string topics)
    {
        var result = await RunAsync($"throughput --topics {topics} --publishers 2 --subscribers 3 --count 700 --ahead 10");
        result.ShouldExitWith(0);
        Assert.Equal((1_400, 4_200, 4_200), (result.Message("sent"), result.Message("expected"), result.Message("received")));
    }

    [Fact]
    public async Task Throughput_without_subscribers()
    {
        var result = await RunAsync("throughput --topics one --publishers 2 --subscribers 0 --count 100 --qos 1");
        result.ShouldExitWith(0);
        Assert.Equal((200, 200, 0), (result.Message("sent"), result.Message("acknowledged"), result.Message("received")));
    }

    [Fact]
    public async Task Latency_at_a_rate()
    {
        var result = await RunAsync("latency --publishers 2 --subscribers 2 --rate 1000 --count 20 --qos 1");
        result.ShouldExitWith(0);
        var latency = result.Json.GetProperty("latencyMicroseconds");
        double[] percentiles = [.. ((string[])["p50", "p90", "p99", "p999", "max"]).Select(name => latency.GetProperty(name).GetDouble())];
        Assert.Equal(40, latency.GetProperty("count").GetInt64());
        Assert.True(percentiles[0] > 0);
        Assert.Equal(percentiles.Order(), percentiles);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--protocol 5.0 --hold 0.01")]
    public async Task Connect(string options)
    {
        var result = await RunAsync($"connect --clients 30 --concurrency 4 {options}");
        result.ShouldExitWith(0);
        Assert.Equal((30, 0, 0), (Number("connected"), Number("failed"), Number("lostWhileHeld")));
        Assert.Equal(30, result.Json.GetProperty("connackMicroseconds").GetProperty("count").GetInt64());
        Assert.True(result.Json.GetProperty("connectsPerSecond").GetDouble() > 0);

        int Number(string name) => result.Json.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task The_text_says_the_same_for_people()
    {
        var result = await Tool.RunAsync($"bench throughput --port {gateway.Port} --publishers 1 --subscribers 1 --count 1000 --prefix mine --qos 1");
        result.ShouldExitWith(0);
        var lines = result.Output.Split('\n').Select(static line => line.TrimEnd()).ToList();
        Assert.Equal($"throughput: 127.0.0.1:{gateway.Port} (tcp), MQTT 3.1.1, prefix mine", lines[0]);
        Assert.Contains("  1 publishers, 1 subscribers, topics pairs, QoS 1, 64 bytes, as fast as possible", lines);
        Assert.Contains("  messages   1,000 sent, 1,000 acknowledged, 1,000 of 1,000 received", lines);
        Assert.Contains("             0 lost, 0 duplicated, 0 reordered", lines);
    }

    [Fact]
    public async Task A_former_result_in_the_file_is_replaced_whole()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);
            var result = await Tool.RunAsync($"bench connect --port {gateway.Port} --clients 1 --json {file}");
            result.ShouldExitWith(0);
            Assert.StartsWith("connect: ", result.Output, StringComparison.Ordinal);
            var json = result with { Output = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) };
            Assert.Equal(1, json.Json.GetProperty("connected").GetInt32());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<ToolResult> RunAsync(string arguments) => Tool.RunAsync($"bench {arguments} --port {gateway.Port} --json -");
}
