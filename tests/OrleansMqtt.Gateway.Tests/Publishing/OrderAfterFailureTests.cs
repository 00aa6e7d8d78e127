using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Publishing;

/// <summary>
/// A log cannot take a message while others of the same publisher are behind it: they must not get there before the publisher has sent it again. The subscriber has a
/// persistent session and is away meanwhile.
/// </summary>
public sealed class OrderAfterFailureTests
{
    private static readonly string[] Texts = ["first", "second", "third"];
    private readonly GatedStore _store = new();

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, false)]
    [InlineData(QualityOfService.AtLeastOnce, true)]
    [InlineData(QualityOfService.ExactlyOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, true)]
    public async Task What_is_behind_a_message_that_fails_fails_with_it(QualityOfService qos, bool lanes)
    {
        await using var mesh = await TestMesh.StartAsync(configure: _store.Install, withHome: true);
        var broker = lanes ? await mesh.AddGatewayAsync("here") : mesh.Home!;
        await SubscribeAsync(broker);
        var publisher = await broker.ConnectAsync("p", ProtocolVersion.V311);
        var end = broker.EndOf("p");
        await PublishWhileFirstFailsAsync(publisher, qos);
        await publisher.ExpectClosedAsync();
        await end;

        publisher = await broker.ConnectAsync("p", ProtocolVersion.V311);
        foreach (var packet in Packets(qos)) await publisher.SendAsync(packet);
        for (ushort i = 1; i <= Texts.Length; i++) await publisher.ExpectAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, i);

        await AssertDeliveredAsync(broker, Texts);
        mesh.AssertAccounts();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_publisher_of_version_5_is_told_of_each_and_goes_on(bool lanes)
    {
        await using var mesh = await TestMesh.StartAsync(configure: _store.Install, withHome: true);
        var broker = lanes ? await mesh.AddGatewayAsync("here") : mesh.Home!;
        await SubscribeAsync(broker);
        var publisher = await broker.ConnectAsync("p");
        await PublishWhileFirstFailsAsync(publisher, QualityOfService.AtLeastOnce);
        for (var i = 0; i < Texts.Length; i++) Assert.Equal(ReasonCode.UnspecifiedError, Assert.IsType<AcknowledgementPacket>(await publisher.ReceiveAsync()).ReasonCode);
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "later", QualityOfService.AtLeastOnce));

        await AssertDeliveredAsync(broker, "later");
        mesh.AssertAccounts();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_publishers_go_on(bool lanes)
    {
        await using var mesh = await TestMesh.StartAsync(configure: _store.Install, withHome: true);
        var broker = lanes ? await mesh.AddGatewayAsync("here", options => options with { Lanes = options.Lanes with { Count = 1 } }) : mesh.Home!;
        await SubscribeAsync(broker);
        var publisher = await broker.ConnectAsync("p", ProtocolVersion.V311);
        var other = await broker.ConnectAsync("o");
        _store.Close();
        await publisher.SendAsync(Packets(QualityOfService.AtLeastOnce)[0]);
        await _store.Entered;
        var published = other.PublishAsync("t", "other", QualityOfService.AtLeastOnce);
        _store.Failures = 1;
        _store.Open();
        await publisher.ExpectClosedAsync();
        // Whether it was in the call that failed does not matter: it may be told so, too.
        if (await published != ReasonCode.Success) Assert.Equal(ReasonCode.Success, await other.PublishAsync("t", "other", QualityOfService.AtLeastOnce));

        await AssertDeliveredAsync(broker, "other");
    }

    private async Task PublishWhileFirstFailsAsync(TestClient publisher, QualityOfService qos)
    {
        var packets = Packets(qos);
        _store.Close();
        await publisher.SendAsync(packets[0]);
        await _store.Entered;
        foreach (var packet in packets[1..]) await publisher.SendAsync(packet);
        await publisher.SettledAsync();
        _store.Failures = 1;
        _store.Open();
    }

    private static PublishPacket[] Packets(QualityOfService qos) =>
        [.. Texts.Select((text, i) => new PublishPacket { Topic = "t", Payload = System.Text.Encoding.UTF8.GetBytes(text), QoS = qos, PacketId = (ushort)(i + 1) })];

    private static async Task SubscribeAsync(TestBroker broker)
    {
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync("t");
        await broker.LeaveAsync(subscriber, "s");
    }

    private static async Task AssertDeliveredAsync(TestBroker broker, params string[] texts)
    {
        var subscriber = await broker.ConnectAsync("s", cleanStart: false, sessionExpiry: 1000);
        Assert.Equal(texts, await subscriber.ReceiveTextsAsync(texts.Length));
        await subscriber.ExpectNothingAsync();
    }
}
