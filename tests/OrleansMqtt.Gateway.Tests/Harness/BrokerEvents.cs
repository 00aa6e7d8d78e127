using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>What a test waits for where no packet tells it.</summary>
public static class BrokerEvents
{
    /// <summary>Completed when the present connection of <paramref name="clientId"/> is over and its session knows. Ask before the connection ends.</summary>
    public static Task EndOf(this TestBroker broker, string clientId) =>
        broker.Services.GetRequiredService<ConnectionRegistry>().Find(clientId)?.Ended.WaitAsync(TestBroker.HangGuard) ?? throw new InvalidOperationException($"{clientId} is not connected.");

    /// <summary>Whether the client is connected to this gateway.</summary>
    public static bool IsConnected(this IServiceProvider services, string clientId) => services.GetRequiredService<ConnectionRegistry>().Find(clientId) is not null;

    /// <summary>The client loses the network. Returns when its session knows.</summary>
    public static async Task LoseAsync(this TestBroker broker, TestClient client, string clientId)
    {
        var end = broker.EndOf(clientId);
        client.Abort();
        await end;
    }

    /// <summary>The client says goodbye. Returns when its session knows.</summary>
    public static async Task LeaveAsync(this TestBroker broker, TestClient client, string clientId, DisconnectPacket? goodbye = null)
    {
        var end = broker.EndOf(clientId);
        await client.SendAsync(goodbye ?? new DisconnectPacket());
        await client.ExpectClosedAsync();
        await end;
    }

    /// <summary>The payload as text.</summary>
    public static string Text(this PublishPacket publish) => Encoding.UTF8.GetString(publish.Payload.Span);

    /// <summary>Receives a PUBLISH, acknowledges it to the end and returns its payload.</summary>
    public static async Task<string> ReceiveTextAsync(this TestClient client) => (await client.ReceivePublishAsync()).Text();

    /// <summary>Sends a PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public static Task AcknowledgeAsync(this TestClient client, PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success) =>
        client.SendAsync(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason });

    /// <summary>The next packet, which must be the acknowledgement of <paramref name="type"/> for <paramref name="packetId"/>.</summary>
    public static async Task<AcknowledgementPacket> ExpectAsync(this TestClient client, PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        var packet = await client.ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((type, packetId, reason), (packet.Type, packet.PacketId, packet.ReasonCode));
        return packet;
    }

    /// <summary>What the client did with messages of its session's log is recorded there.</summary>
    public static async Task DrainedAsync(this TestBroker broker, string clientId)
    {
        var session = broker.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<ISessionGrain>(SessionKey.Of(clientId));
        for (var start = TimeProvider.System.GetTimestamp(); await session.CountAsync() > 0;)
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestBroker.HangGuard, "Messages stay in the log.");
    }

    /// <summary>Waits for what comes unless something hangs.</summary>
    public static Task GuardAsync(this Task task) => task.WaitAsync(TestBroker.HangGuard);
}
