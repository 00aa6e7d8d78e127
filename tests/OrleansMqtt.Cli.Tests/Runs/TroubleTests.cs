using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Cli.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Tests.Runs;

/// <summary>Brokers that do not do what they should.</summary>
public sealed class TroubleTests
{
    [Fact]
    public async Task Messages_out_of_order_end_with_1()
    {
        await using var broker = new ScriptedBroker { HoldUntil = 5, Order = [0, 2, 1, 3, 4] };
        var result = await PublishAsync(broker, 5);
        result.ShouldExitWith(1);
        Assert.Equal((5, 0, 0, 1), (result.Message("received"), result.Message("lost"), result.Message("duplicated"), result.Message("reordered")));
        Assert.Empty(result.Problems);
    }

    [Fact]
    public async Task Duplicates_at_QoS_0_end_with_1()
    {
        await using var broker = new ScriptedBroker { HoldUntil = 4, Order = [0, 1, 1, 0, 2, 3] };
        var result = await PublishAsync(broker, 4);
        result.ShouldExitWith(1);
        Assert.Equal((6, 0, 2, 0), (result.Message("received"), result.Message("lost"), result.Message("duplicated"), result.Message("reordered")));
    }

    [Fact]
    public async Task Lost_messages_and_a_lost_connection_end_with_1()
    {
        await using var broker = new ScriptedBroker { HoldUntil = 5, Order = [0, 1, 4], ClosesAfterwards = true };
        var result = await PublishAsync(broker, 5);
        result.ShouldExitWith(1);
        Assert.Equal((5, 3, 2), (result.Message("sent"), result.Message("received"), result.Message("lost")));
        Assert.Equal(["The broker closed the connection."], result.Problems);
    }

    [Fact]
    public async Task Being_told_to_stop_ends_early_with_the_result_so_far()
    {
        await using var broker = new ScriptedBroker();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = Tool.RunAsync($"bench throughput --port {broker.Port} --publishers 1 --subscribers 1 --warm-up 0 --duration 3600 --json -", stop.Token);
        await broker.Published;
        await stop.CancelAsync();
        var result = await run;
        result.ShouldExitWith(0);
        Assert.True(result.Json.GetProperty("endedEarly").GetBoolean());
        Assert.True(result.Message("sent") > 0);
        Assert.Equal(result.Message("sent"), result.Message("received"));
    }

    [Theory]
    [InlineData("connect --clients 5 --hold 3600")]
    [InlineData("throughput --duration 3600")]
    public async Task Being_told_to_stop_before_the_start_is_a_result_too(string arguments)
    {
        await using var broker = new ScriptedBroker();
        var result = await Tool.RunAsync($"bench {arguments} --port {broker.Port} --json -", new CancellationToken(canceled: true));
        result.ShouldExitWith(0);
        Assert.True(result.Json.GetProperty("endedEarly").GetBoolean());
        Assert.Empty(result.Problems);
    }

    [Theory]
    [InlineData("connect --clients 1")]
    [InlineData("throughput --publishers 1 --subscribers 1")]
    public async Task A_refused_connection_ends_with_1(string arguments)
    {
        await using var broker = new ScriptedBroker { ConnAck = new ConnAckPacket { ReasonCode = ReasonCode.BadUserNameOrPassword } };
        var result = await Tool.RunAsync($"bench {arguments} --port {broker.Port} --json -");
        result.ShouldExitWith(1);
        Assert.Equal(["The broker refused the connection: BadUserNameOrPassword (0x86)."], result.Problems);
    }

    [Fact]
    public async Task A_refused_subscription_ends_with_1()
    {
        await using var broker = new ScriptedBroker { SubAck = ReasonCode.UnspecifiedError };
        var result = await PublishAsync(broker, 1);
        result.ShouldExitWith(1);
        Assert.Equal(["The broker refused the subscription: UnspecifiedError (0x80)."], result.Problems);
    }

    [Fact]
    public async Task A_lower_QoS_than_asked_for_ends_with_1()
    {
        await using var broker = new ScriptedBroker();
        var result = await Tool.RunAsync($"bench throughput --port {broker.Port} --publishers 1 --subscribers 1 --qos 1 --json -");
        result.ShouldExitWith(1);
        Assert.Equal(["The broker granted QoS 0 instead of 1."], result.Problems);
    }

    [Theory]
    [InlineData("--qos 1", "The broker takes QoS 0 at most.")]
    [InlineData("--payload 200", "The broker takes packets of 100 bytes at most; these have 213.")]
    public async Task What_the_broker_does_not_take_is_not_sent(string options, string problem)
    {
        await using var broker = new ScriptedBroker
        {
            ConnAck = new ConnAckPacket { MaximumQoS = QualityOfService.AtMostOnce, MaximumPacketSize = 100 },
            SubAck = ReasonCode.GrantedQos1,
        };
        var result = await Tool.RunAsync($"bench throughput --protocol 5.0 --port {broker.Port} --publishers 1 --subscribers 1 --prefix abc {options} --json -");
        result.ShouldExitWith(1);
        Assert.Equal([problem], result.Problems);
        Assert.Equal(0, result.Message("sent"));
    }

    [Fact]
    public async Task Nobody_listening_ends_with_1()
    {
        using var reserved = new Socket(SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound and not listening: nobody else gets the port.
        var port = ((IPEndPoint)reserved.LocalEndPoint!).Port;
        var result = await Tool.RunAsync($"bench connect --port {port} --clients 3 --json -");
        result.ShouldExitWith(1);
        Assert.Equal(3, result.Json.GetProperty("failed").GetInt32());
        Assert.Equal([$"Could not connect to 127.0.0.1:{port}: Connection refused. (3 times)"], result.Problems);
    }

    private static Task<ToolResult> PublishAsync(ScriptedBroker broker, int count) =>
        Tool.RunAsync($"bench throughput --port {broker.Port} --publishers 1 --subscribers 1 --count {count} --json -");
}
