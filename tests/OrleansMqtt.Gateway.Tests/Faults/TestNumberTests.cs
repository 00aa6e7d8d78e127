using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Faults;

/// <summary>A subscriber gets the data of a test file.</summary>
public sealed class TestNumberTests : IDisposable
{
    private const string Subscribe = "8206 0001 000161 00";
    private const string SubAck = "9003 0001 00";
    private const string Reply = "3006 000161 68690A";
    private const string Disconnect = "E000";
    private readonly FaultFolder _folder = new();

    public TestNumberTests() => _folder.Write("test7", "<testcase>\n<reply>\n<data>\nhi\n</data>\n</reply>\n</testcase>\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_comes_behind_SUBACK_and_then_the_connection_ends()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = 7 });
        using var client = await SubscribeAsync(broker);
        await client.ExpectClosedAsync(SubAck + Reply + Disconnect);
    }

    [Fact]
    public async Task It_comes_before_SUBACK()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = 7, PublishBeforeSubAck = true });
        using var client = await SubscribeAsync(broker);
        await client.ExpectClosedAsync(Reply + SubAck + Disconnect);
    }

    [Fact]
    public async Task When_it_is_short_nothing_follows()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = 7, PublishBeforeSubAck = true, ShortPublish = true });
        using var client = await SubscribeAsync(broker);
        await client.ExpectClosedAsync("3006 000161 68");
        Assert.Equal("server PUBLISH 6 300600016168", _folder.Lines[^1]);
    }

    [Fact]
    public async Task A_client_of_5_0_gets_packets_of_5_0()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = 7 });
        var client = await broker.ConnectAsync("five");
        await client.SubscribeAsync(new Subscription { Filter = "a/b", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "c" });
        var publish = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal(("a/b", "hi\n", QualityOfService.AtMostOnce), (publish.Topic, Encoding.UTF8.GetString(publish.Payload.Span), publish.QoS));
        Assert.Equal(ReasonCode.NormalDisconnection, (await client.ReceiveAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_reply_of_many_bytes_comes_whole()
    {
        var text = new string('x', 300_000) + "\n";
        _folder.Write("test8", $"<testcase>\n<reply>\n<data>\n{text}</data>\n</reply>\n</testcase>\n");
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = 8 });
        var client = await broker.ConnectAsync("large");
        await client.SubscribeAsync("a");
        Assert.Equal(text, Encoding.UTF8.GetString((await client.ReceiveAsync<PublishPacket>()).Payload.Span));
    }

    [Theory]
    [InlineData(9, "can't be used: ")]
    [InlineData(10, "it has no part <data> in a section <reply>")]
    [InlineData(11, "can't be used: ")]
    public async Task Without_data_the_connection_goes_on_without_faults(int number, string reason)
    {
        _folder.Write("test10", "<testcase>\n<verify>\n<data>\nhi\n</data>\n</verify>\n<reply>\n</reply>\n</testcase>\n");
        _folder.Write("test11", "<testcase>\n<reply>\n<data base64=\"yes\">\n?\n</data>\n</reply>\n</testcase>\n");
        await using var broker = await _folder.StartAsync(new FaultProfile { TestNumber = number, ErrorConnAck = 5 });
        using var client = await SubscribeAsync(broker);
        await client.ExpectAsync(SubAck);
        await client.SendAsync("C000");
        await client.ExpectAsync("D000");
        Assert.Contains(_folder.Log.Of(LogLevel.Warning), line => line.Contains(reason, StringComparison.Ordinal) && line.Contains($"test{number}", StringComparison.Ordinal));
    }

    private static async Task<RawClient> SubscribeAsync(TestBroker broker)
    {
        var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("subscriber"));
        await client.ExpectAsync("20020000");
        await client.SendAsync(Subscribe);
        return client;
    }
}
