using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Model;

/// <summary>A client of the broker together with what the model knows of it.</summary>
internal sealed class ModelClient(string clientId, TestBroker broker, ProtocolVersion version)
{
    private const int ExpirySeconds = 100;
    private readonly Dictionary<string, QualityOfService> _subscriptions = [];
    private readonly List<Expected> _expected = [];
    private readonly List<Expected> _unacknowledged = [];
    private TestClient? _client;
    private bool _hasSession;
    private int _away;

    private sealed record Expected(string Topic, string Text, QualityOfService QoS, bool Retain = false, ushort PacketId = 0);

    public bool IsConnected => _client is not null;

    /// <summary>Whether QoS 1 and 2 messages are acknowledged; those that are not come again.</summary>
    public bool Acknowledges { get; set; } = true;

    public async Task ConnectAsync(bool clean)
    {
        if (_hasSession && version == ProtocolVersion.V50 && _away >= ExpirySeconds) Forget();
        if (clean) Forget();
        _client = await broker.ConnectAsync(clientId, version, clean, ExpirySeconds);
        if (version != ProtocolVersion.V31) Assert.Equal(_hasSession, _client.ConnAck!.SessionPresent);
        // Before 5.0 a clean session ends with its connection.
        _hasSession = !(clean && version != ProtocolVersion.V50);
        // What was not acknowledged comes again, before what has waited.
        _expected.InsertRange(0, _unacknowledged);
        _unacknowledged.Clear();
    }

    public async Task DisconnectAsync(bool abort)
    {
        if (abort) await broker.LoseAsync(_client!, clientId);
        else await broker.LeaveAsync(_client!, clientId);
        (_client, _away) = (null, 0);
        if (!_hasSession) Forget();
    }

    public void Age(int seconds) => _away += seconds;

    public async Task SubscribeAsync(string filter, QualityOfService qos, Dictionary<string, (string Text, QualityOfService QoS)> retained)
    {
        var codes = await _client!.SubscribeAsync(filter, qos);
        Assert.Equal([(ReasonCode)qos], codes);
        _subscriptions[filter] = qos;
        var subscription = new Subscription { Filter = filter };
        foreach (var (topic, (text, published)) in retained)
            if (subscription.Matches(topic)) _expected.Add(new Expected(topic, text, Lower(published, qos), Retain: true));
    }

    public async Task UnsubscribeAsync(string filter)
    {
        var codes = await _client!.UnsubscribeAsync(filter);
        var had = _subscriptions.Remove(filter);
        if (version == ProtocolVersion.V50) Assert.Equal([had ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted], codes);
    }

    /// <summary>Somebody publishes.</summary>
    public void Expect(string topic, string text, QualityOfService published)
    {
        var matching = _subscriptions.Where(s => new Subscription { Filter = s.Key }.Matches(topic)).Select(s => s.Value).ToList();
        if (matching.Count == 0) return;
        var qos = Lower(published, matching.Max());
        if (IsConnected || qos > 0) _expected.Add(new Expected(topic, text, qos));
    }

    public async Task PublishAsync(string topic, string text, QualityOfService qos, bool retain)
    {
        var packetId = qos == 0 ? (ushort)0 : _client!.NextPacketId();
        await _client!.SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(text), QoS = qos, Retain = retain, PacketId = packetId });
        await _client!.SendAsync(qos == QualityOfService.ExactlyOnce ? new AcknowledgementPacket(PacketType.PubRel) { PacketId = packetId } : PingReqPacket.Instance);
        var last = qos == QualityOfService.ExactlyOnce ? PacketType.PubComp : PacketType.PingResp;
        // Its own copy may come in between.
        while (await _client.ReceiveAsync() is var packet && packet!.Type != last)
            if (packet is PublishPacket publish) await TakeAsync(publish);
    }

    /// <summary>Receives what the model says, and nothing else.</summary>
    public async Task CheckAsync()
    {
        if (_client is null) return;
        while (_expected.Count > 0) await TakeAsync(await _client.ReceiveAsync<PublishPacket>());
        await _client.ExpectNothingAsync();
    }

    private async Task TakeAsync(PublishPacket publish)
    {
        // Retained messages of one subscription come in any order, others in theirs.
        var index = publish.Retain ? _expected.FindIndex(e => e.Retain && e.Topic == publish.Topic) : 0;
        Assert.True(index >= 0 && index < _expected.Count, $"{clientId}: unexpected {publish.Topic} {publish.Text()}");
        var expected = _expected[index];
        Assert.Equal((expected.Topic, expected.Text, expected.QoS, expected.Retain, expected.PacketId != 0), (publish.Topic, publish.Text(), publish.QoS, publish.Retain, publish.Duplicate));
        if (expected.PacketId != 0) Assert.Equal(expected.PacketId, publish.PacketId);
        _expected.RemoveAt(index);
        if (publish.QoS == QualityOfService.AtMostOnce) return;
        if (!Acknowledges)
        {
            _unacknowledged.Add(expected with { PacketId = publish.PacketId });
            return;
        }
        await _client!.AcknowledgeAsync(publish.QoS == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, publish.PacketId);
        if (publish.QoS == QualityOfService.AtLeastOnce) return;
        await _client!.ExpectAsync(PacketType.PubRel, publish.PacketId);
        await _client!.AcknowledgeAsync(PacketType.PubComp, publish.PacketId);
    }

    private void Forget()
    {
        _subscriptions.Clear();
        _expected.Clear();
        _unacknowledged.Clear();
        _hasSession = false;
    }

    private static QualityOfService Lower(QualityOfService a, QualityOfService b) => a < b ? a : b;
}
