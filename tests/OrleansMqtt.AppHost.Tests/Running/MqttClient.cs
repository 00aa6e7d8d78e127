using System.Net;
using System.Text;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.AppHost.Tests.Running;

/// <summary>A client that does one thing after another.</summary>
internal sealed class MqttClient : IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly Link _link;

    private MqttClient(Link link) => _link = link;

    public static async Task<MqttClient> ConnectAsync(int port, string clientId)
    {
        var link = await Link.OpenAsync(new IPEndPoint(IPAddress.Loopback, port), TimeProvider.System, Cancellation);
        Assert.NotNull(link);
        var client = new MqttClient(link);
        await link.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true }, Cancellation);
        Assert.Equal(ReasonCode.Success, Assert.IsType<ConnAckPacket>(await client.NextAsync()).ReasonCode);
        return client;
    }

    public async Task SubscribeAsync(string filter)
    {
        await _link.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = filter, MaximumQoS = QualityOfService.AtLeastOnce }] }, Cancellation);
        Assert.Equal(PacketType.SubAck, (await NextAsync()).Type);
    }

    public async Task PublishAsync(string topic, string payload)
    {
        await _link.SendAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = QualityOfService.AtLeastOnce, PacketId = 1 }, Cancellation);
        Assert.Equal(PacketType.PubAck, (await NextAsync()).Type);
    }

    /// <summary>Payload of the next message.</summary>
    public async Task<string> ReceiveAsync() => Encoding.UTF8.GetString(Assert.IsType<PublishPacket>(await NextAsync()).Payload.Span);

    public void Dispose() => _link.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<Packet> NextAsync()
    {
        var reading = await _link.ReceiveAsync(HangGuard, Cancellation);
        Assert.Equal(LinkState.Packet, reading.State);
        return reading.Packet!;
    }
}
