using System.Text;
using OrleansMqtt.Samples.DigitalTwin;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.DigitalTwin;

public sealed class TwinTests : IAsyncLifetime
{
    private MqttTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Clusters.StartAsync(typeof(TwinGrain));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_device_hears_what_it_has_to_do_until_it_has_reported_it()
    {
        await using var device = await ConnectAsync("lamp-1");
        await using var app = await ConnectAsync("app");
        await device.SubscribeAsync("twins/lamp-1/delta");
        await device.PublishAsync("twins/lamp-1/reported", """{"state":{"on":false,"light":{"red":1,"blue":2}}}""");
        await app.PublishAsync("twins/lamp-1/desired", """{"state":{"on":true,"light":{"red":1,"blue":3}}}""");
        Assert.Equal("""{"version":2,"state":{"on":true,"light":{"blue":3}}}""", await device.ReceiveTextAsync());
        await device.PublishAsync("twins/lamp-1/reported", """{"state":{"on":true}}""");
        Assert.Equal("""{"version":3,"state":{"light":{"blue":3}}}""", await device.ReceiveTextAsync());
        await device.PublishAsync("twins/lamp-1/reported", """{"state":{"light":{"blue":3}}}""");
        Assert.Equal(
            """{"version":4,"reported":{"on":true,"light":{"red":1,"blue":3}},"desired":{"on":true,"light":{"red":1,"blue":3}},"delta":{}}""",
            await _cluster.Grains.GetGrain<ITwinGrain>("lamp-1").ReadAsync());
    }

    [Fact]
    public async Task A_device_that_comes_back_asks_for_its_twin()
    {
        await using (var app = await ConnectAsync("app")) await app.PublishAsync("twins/lamp-2/desired", """{"state":{"on":true}}""");
        await using var device = await ConnectAsync("lamp-2");
        await device.SubscribeAsync("twins/lamp-2/get/+");
        await device.SubscribeAsync("answers/lamp-2");
        await device.PublishAsync("twins/lamp-2/get", "");
        var expected = """{"version":1,"reported":{},"desired":{"on":true},"delta":{"on":true}}""";
        Assert.Equal(("twins/lamp-2/get/accepted", expected), await ReceiveAsync(device));
        await device.PublishAsync(new PublishPacket
        {
            Topic = "twins/lamp-2/get", QoS = QualityOfService.AtLeastOnce, PacketId = 1000, ResponseTopic = "answers/lamp-2", CorrelationData = "it"u8.ToArray(),
        });
        Assert.Equal(("answers/lamp-2", expected), await ReceiveAsync(device));
    }

    [Fact]
    public async Task A_change_for_another_version_is_rejected_with_the_reason()
    {
        await using var app = await ConnectAsync("app");
        await app.SubscribeAsync("twins/lamp-3/+/+");
        await app.PublishAsync("twins/lamp-3/get", "");
        Assert.Equal(("twins/lamp-3/get/rejected", """{"code":404,"message":"There is no such twin yet."}"""), await ReceiveAsync(app));
        await app.PublishAsync("twins/lamp-3/desired", """{"state":{"on":true},"version":0}""");
        Assert.Equal(("twins/lamp-3/desired/accepted", """{"version":1}"""), await ReceiveAsync(app));
        await app.PublishAsync("twins/lamp-3/desired", """{"state":{"on":false},"version":0}""");
        Assert.Equal(("twins/lamp-3/desired/rejected", """{"code":409,"message":"Version 0 was expected, the twin has version 1."}"""), await ReceiveAsync(app));
        await app.PublishAsync("twins/lamp-3/desired", $$$"""{"state":{"note":"{{{new string('x', 9000)}}}"}}""");
        Assert.Equal(("twins/lamp-3/desired/rejected", """{"code":413,"message":"The state would be larger than 8192 bytes."}"""), await ReceiveAsync(app));
        Assert.Equal("""{"version":1,"reported":{},"desired":{"on":true},"delta":{"on":true}}""", await _cluster.Grains.GetGrain<ITwinGrain>("lamp-3").ReadAsync());
    }

    [Theory]
    [InlineData("on")]
    [InlineData("""{"on":true}""")]
    [InlineData("""{"state":3}""")]
    public async Task What_is_no_change_is_a_dead_letter(string payload)
    {
        await using var app = await ConnectAsync("app");
        await app.SubscribeAsync("$dead-letter/TwinGrain.DesireAsync");
        await Assert.ThrowsAsync<IOException>(() => app.PublishAsync("twins/lamp-4/desired", payload));
        Assert.Equal(("$dead-letter/TwinGrain.DesireAsync", payload), await ReceiveAsync(app));
        Assert.Null(await _cluster.Grains.GetGrain<ITwinGrain>("lamp-4").ReadAsync());
    }

    [Fact]
    public async Task A_twin_outlives_its_silo()
    {
        await using var app = await ConnectAsync("app");
        for (var i = 0; i < 20; i++) await app.PublishAsync($"twins/lasting-{i}/desired", $$$"""{"state":{"number":{{{i}}}}}""");
        await _cluster.KillSiloAsync(_cluster.Silos[0]);
        await _cluster.WaitUntilReadyAsync(Clusters.Token);
        for (var i = 0; i < 20; i++)
            Assert.Equal($$$"""{"version":1,"reported":{},"desired":{"number":{{{i}}}},"delta":{"number":{{{i}}}}}""", await _cluster.Grains.GetGrain<ITwinGrain>($"lasting-{i}").ReadAsync());
    }

    private Task<MqttTestClient> ConnectAsync(string name) => _cluster.Gateways[0].ConnectAsync(name);

    private static async Task<(string Topic, string Text)> ReceiveAsync(MqttTestClient client)
    {
        var message = await client.ReceiveAsync();
        return (message.Topic, Encoding.UTF8.GetString(message.Payload.Span));
    }
}
