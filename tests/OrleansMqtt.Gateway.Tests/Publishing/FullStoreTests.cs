using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Gateway.Tests.Publishing;

/// <summary>The store has no space. The subscriber has a persistent session and is away meanwhile.</summary>
public sealed class FullStoreTests
{
    private readonly GatedStore _store = new() { Failure = new StoreFullException("The test's store is full.") };

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, true)]
    public async Task A_publisher_of_version_5_is_told_and_may_publish_again_when_there_is_room(QualityOfService qos, bool persistent)
    {
        await using var broker = await StartAsync();
        var publisher = await broker.ConnectAsync("p", sessionExpiry: persistent ? 1000u : null);
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "before", qos));
        _store.Failures = int.MaxValue;
        Assert.Equal(ReasonCode.QuotaExceeded, await publisher.PublishAsync("t", "refused", qos));
        Assert.Equal(ReasonCode.QuotaExceeded, await publisher.PublishAsync("t", "refused", qos));
        _store.Failures = 0;
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "again", qos));

        await AssertDeliveredAsync(broker, "before", "again");
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, false)]
    [InlineData(QualityOfService.ExactlyOnce, true)]
    public async Task A_publisher_of_version_3_is_disconnected_without_an_acknowledgement_and_sends_again(QualityOfService qos, bool persistent)
    {
        await using var broker = await StartAsync();
        var publisher = await broker.ConnectAsync("p", ProtocolVersion.V311, cleanStart: !persistent);
        await publisher.PublishAsync("t", "before", qos);
        var end = broker.EndOf("p");
        _store.Failures = int.MaxValue;
        await publisher.SendAsync(Packet(qos));
        await publisher.ExpectClosedAsync();
        _store.Failures = 0;
        await end;
        publisher = await broker.ConnectAsync("p", ProtocolVersion.V311, cleanStart: !persistent);
        await publisher.SendAsync(Packet(qos, duplicate: true));
        await publisher.ExpectAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, 77);
        if (qos == QualityOfService.ExactlyOnce)
        {
            await publisher.AcknowledgeAsync(PacketType.PubRel, 77);
            await publisher.ExpectAsync(PacketType.PubComp, 77);
        }

        await AssertDeliveredAsync(broker, "before", "again");
    }

    [Fact]
    public async Task A_retained_message_that_finds_no_space_is_refused_and_the_one_before_stays()
    {
        var retained = new RetainedStore();
        await using var broker = await TestBroker.StartAsync(configure: services => services.AddSingleton<IRetainedStore>(retained));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("r", "before", QualityOfService.AtLeastOnce, retain: true);
        retained.IsFull = true;
        Assert.Equal(ReasonCode.QuotaExceeded, await publisher.PublishAsync("r", "refused", QualityOfService.AtLeastOnce, retain: true));
        var reader = await broker.ConnectAsync("r");
        await reader.SubscribeAsync("r");
        Assert.Equal("before", await reader.ReceiveTextAsync());
        retained.IsFull = false;
        await publisher.PublishAsync("r", "again", QualityOfService.AtLeastOnce, retain: true);

        Assert.Equal("again", await reader.ReceiveTextAsync());
        var late = await broker.ConnectAsync("l");
        await late.SubscribeAsync("r");
        Assert.Equal("again", await late.ReceiveTextAsync());
    }

    private static PublishPacket Packet(QualityOfService qos, bool duplicate = false) =>
        new() { Topic = "t", Payload = "again"u8.ToArray(), QoS = qos, PacketId = 77, Duplicate = duplicate };

    private async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync(configure: _store.Install);
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync("t");
        await broker.LeaveAsync(subscriber, "s");
        return broker;
    }

    private static async Task AssertDeliveredAsync(TestBroker broker, params string[] texts)
    {
        var subscriber = await broker.ConnectAsync("s", cleanStart: false, sessionExpiry: 1000);
        Assert.Equal(texts, await subscriber.ReceiveTextsAsync(texts.Length));
        await subscriber.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    private sealed class RetainedStore : IRetainedStore
    {
        public bool IsFull { get; set; }

        public ValueTask<long> OpenAsync(int partition, long epoch) => new(epoch);

        public async IAsyncEnumerable<Message> LoadAsync(int partition)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages) =>
            IsFull ? ValueTask.FromException(new StoreFullException("The test's store is full.")) : ValueTask.CompletedTask;
    }
}
