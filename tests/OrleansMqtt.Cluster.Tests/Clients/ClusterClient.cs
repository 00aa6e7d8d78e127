using System.Net;
using System.Text;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cluster.Tests.Clients;

/// <summary>An MQTT 5.0 client that does one thing after the other. It acknowledges what it takes.</summary>
internal sealed class ClusterClient : IDisposable
{
    /// <summary>Turns a hang into a failure, and decides nothing else.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly Link _link;
    private readonly string _name;
    private readonly Queue<PublishPacket> _received = new();
    private ushort _lastIdentifier;

    private ClusterClient(Link link, string name) => (_link, _name) = (link, name);

    public bool IsSessionPresent { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Connects.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="clientId">The client identifier.</param>
    /// <param name="expiry">Seconds that the session outlives the connection; with 0 it starts clean as well.</param>
    /// <param name="will">The will.</param>
    public static async Task<ClusterClient> ConnectAsync(EndPoint gateway, string clientId, uint expiry = 0, Will? will = null) =>
        await TryConnectAsync(gateway, clientId, expiry, will) ?? throw Failure(clientId, $"was not accepted at {gateway}");

    /// <inheritdoc cref="ConnectAsync"/>
    /// <returns>null if the gateway is not there, refuses, or ends the connection instead of an answer.</returns>
    public static async Task<ClusterClient?> TryConnectAsync(EndPoint gateway, string clientId, uint expiry = 0, Will? will = null)
    {
        if (await Link.OpenAsync(gateway, TimeProvider.System, Stop) is not { } link) return null;
        var client = new ClusterClient(link, clientId);
        await client.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = expiry == 0, SessionExpiryInterval = expiry, Will = will });
        var reading = await link.ReceiveAsync(Guard, Stop);
        if (reading.State == LinkState.Silent) throw Failure(clientId, "had no answer to CONNECT");
        if (reading.Packet is ConnAckPacket { ReasonCode: ReasonCode.Success } connAck)
        {
            client.IsSessionPresent = connAck.SessionPresent;
            return client;
        }

        link.Dispose();
        return null;
    }

    /// <summary>Connects and subscribes, again and again until a cluster that has lost a part takes both.</summary>
    public static async Task<ClusterClient> ComeInAsync(EndPoint gateway, string clientId, uint expiry, params string[] filters)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await TryConnectAsync(gateway, clientId, expiry) is { } client)
            {
                if (filters.Length == 0 || await client.TrySubscribeAsync(filters)) return client;
                client.Dispose();
            }

            if (TimeProvider.System.GetElapsedTime(start) > Guard) throw Failure(clientId, $"was not accepted at {gateway} for {Guard.TotalSeconds} s");
            await Task.Delay(RetryPause, TimeProvider.System, Stop);
        }
    }

    /// <summary>Subscribes, and returns when it is granted.</summary>
    public async Task SubscribeAsync(params string[] filters) => Assert.True(await TrySubscribeAsync(filters), $"{_name} may not subscribe to {string.Join(", ", filters)}");

    private async Task<bool> TrySubscribeAsync(string[] filters)
    {
        var subscriptions = filters.Select(static filter => new Subscription { Filter = filter, MaximumQoS = QualityOfService.ExactlyOnce });
        await SendAsync(new SubscribePacket { PacketId = ++_lastIdentifier, Subscriptions = [.. subscriptions] });
        Packet? answer;
        do
        {
            var reading = await _link.ReceiveAsync(Guard, Stop);
            if (reading.State == LinkState.Ended || reading.Packet is DisconnectPacket) return false;
            if (reading.State != LinkState.Packet) throw Failure(_name, $"waited for SUBACK: {reading.State} {reading.Problem}");
            answer = await TakeAsync(reading.Packet!);
        }
        while (answer is null);
        return Assert.IsType<SubAckPacket>(answer).ReasonCodes.All(static code => (int)code == (int)QualityOfService.ExactlyOnce);
    }

    /// <summary>Publishes at QoS 1. True when the broker has taken it, false when it has ended the connection instead, and the message may have been taken or not.</summary>
    public async Task<bool> TryPublishAsync(string topic, string text, bool retain = false)
    {
        await SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, Retain = retain, PacketId = ++_lastIdentifier });
        while (true)
        {
            var reading = await _link.ReceiveAsync(Guard, Stop);
            if (reading.State == LinkState.Ended) return false;
            if (reading.State != LinkState.Packet) throw Failure(_name, $"waited for PUBACK: {reading.State} {reading.Problem}");
            if (reading.Packet is DisconnectPacket || await TakeAsync(reading.Packet!) is not { } answer) continue;
            var acknowledgement = Assert.IsType<AcknowledgementPacket>(answer);
            Assert.False(acknowledgement.ReasonCode.IsFailure(), $"{_name}: {acknowledgement.ReasonCode}");
            return true;
        }
    }

    /// <summary>Publishes, and returns when the broker has taken it: at QoS 0 at once.</summary>
    public async Task PublishAsync(string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = false)
    {
        var identifier = qos == QualityOfService.AtMostOnce ? (ushort)0 : ++_lastIdentifier;
        await SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(text), QoS = qos, Retain = retain, PacketId = identifier });
        if (qos == QualityOfService.AtMostOnce) return;
        var answer = await AnswerAsync<AcknowledgementPacket>();
        Assert.False(answer.ReasonCode.IsFailure(), $"{_name}: {answer.ReasonCode}");
        if (qos != QualityOfService.ExactlyOnce) return;
        await SendAsync(new AcknowledgementPacket(PacketType.PubRel) { PacketId = identifier });
        Assert.Equal(PacketType.PubComp, (await AnswerAsync<AcknowledgementPacket>()).Type);
    }

    /// <summary>The text of the next message.</summary>
    public async Task<string> NextAsync()
    {
        while (_received.Count == 0) Assert.Null(await TakeAsync("a message"));
        return Encoding.UTF8.GetString(_received.Dequeue().Payload.Span);
    }

    /// <summary>The text of the next message; null when the broker has ended the connection instead.</summary>
    public async Task<string?> NextOrEndAsync()
    {
        while (_received.Count == 0)
        {
            var reading = await _link.ReceiveAsync(Guard, Stop);
            if (reading.State == LinkState.Ended) return null;
            if (reading.State != LinkState.Packet) throw Failure(_name, $"waited for a message or the end: {reading.State} {reading.Problem}");
            if (reading.Packet is not DisconnectPacket) await TakeAsync(reading.Packet!);
        }

        return Encoding.UTF8.GetString(_received.Dequeue().Payload.Span);
    }

    /// <summary>Makes sure that the connection stands: the broker answers on it.</summary>
    public async Task PingAsync()
    {
        await SendAsync(PingReqPacket.Instance);
        await AnswerAsync<PingRespPacket>();
    }

    /// <summary>Returns when the broker has ended the connection: closed it, or sent DISCONNECT, behind which nothing comes and after which it gives the client a second to close by itself.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants to know any more; the connection can still be used.</exception>
    public async Task EndAsync(CancellationToken enough)
    {
        LinkReading reading;
        do reading = await _link.ReceiveAsync(Guard, enough);
        while (reading.State == LinkState.Packet && reading.Packet is not DisconnectPacket);
        if (reading.State is not (LinkState.Ended or LinkState.Packet)) throw Failure(_name, $"waited for the end of its connection: {reading.State}");
    }

    /// <summary>Cuts the connection, without DISCONNECT.</summary>
    public void Dispose() => _link.Dispose();

    private static Xunit.Sdk.XunitException Failure(string name, string what) => new($"{name} {what}.");

    private Task SendAsync(Packet packet) => _link.SendAsync(packet, Stop);

    private async Task<T> AnswerAsync<T>()
        where T : Packet
    {
        while (true)
        {
            if (await TakeAsync(typeof(T).Name) is { } packet) return Assert.IsType<T>(packet);
        }
    }

    /// <summary>The next packet, if it is none about messages that come to this client.</summary>
    private async Task<Packet?> TakeAsync(string awaited)
    {
        var reading = await _link.ReceiveAsync(Guard, Stop);
        if (reading.State != LinkState.Packet) throw Failure(_name, $"waited for {awaited}: {reading.State} {reading.Problem}");
        if (reading.Packet is DisconnectPacket disconnect) throw Failure(_name, $"waited for {awaited}: DISCONNECT, {disconnect.ReasonCode}");
        return await TakeAsync(reading.Packet!);
    }

    private async Task<Packet?> TakeAsync(Packet packet)
    {
        switch (packet)
        {
            case PublishPacket message:
                _received.Enqueue(message);
                if (message.QoS != QualityOfService.AtMostOnce)
                    await SendAsync(new AcknowledgementPacket(message.QoS == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec) { PacketId = message.PacketId });
                return null;
            case AcknowledgementPacket { Type: PacketType.PubRel } release:
                await SendAsync(new AcknowledgementPacket(PacketType.PubComp) { PacketId = release.PacketId });
                return null;
            default:
                return packet;
        }
    }
}
