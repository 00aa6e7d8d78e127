using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>What tests of limits do again and again.</summary>
internal static class LimitScenarios
{
    public static Guards Guards(this TestBroker broker) => broker.Services.GetRequiredService<Guards>();

    public static ClientConnection ConnectionOf(this TestBroker broker, string clientId) => broker.Services.GetRequiredService<ConnectionRegistry>().Find(clientId)!;

    /// <summary>Other limits hold from now on.</summary>
    public static void Change(this TestBroker broker, Func<GatewayLimits, GatewayLimits> change)
    {
        var live = broker.Services.GetRequiredService<Live<GatewayLimits>>();
        live.Set(change(live.Current));
    }

    /// <summary>Sends CONNECT and returns the answer with the client.</summary>
    public static async Task<(TestClient Client, ConnAckPacket ConnAck)> TryConnectAsync(
        this TestBroker broker, string clientId, ProtocolVersion version = ProtocolVersion.V50, IPAddress? address = null, Will? will = null)
    {
        var client = broker.Open(version, address);
        await client.SendAsync(new ConnectPacket { Version = version, ClientId = clientId, CleanStart = true, Will = will });
        return (client, await client.ReceiveAsync<ConnAckPacket>());
    }

    /// <summary>Somebody who keeps to everything publishes and receives at every quality of service.</summary>
    public static async Task ServesAsync(this TestBroker broker, TestClient client, string topic = "beside")
    {
        await client.SubscribeAsync(topic);
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            // By another one: the answer to what a client publishes and what it receives may come in either order.
            var publisher = await broker.ConnectAsync("");
            await publisher.PublishAsync(topic, $"{qos}", qos);
            Assert.Equal($"{qos}", await client.ReceiveTextAsync());
            await publisher.DisconnectAsync();
        }
    }

    /// <summary>What a 3.x client is told in CONNACK in place of <paramref name="reason"/>.</summary>
    public static ReasonCode In(this ReasonCode reason, ProtocolVersion version) =>
        version == ProtocolVersion.V50 ? reason : ReasonCodes.FromConnectReturnCode(ReasonCodes.ToConnectReturnCode(reason));
}
