using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Sessions;

/// <summary>A session that had no answer to what it has given to a gateway gives it again.</summary>
public sealed class RepeatedPushTests
{
    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task The_client_gets_it_once_though_it_has_acknowledged_it_meanwhile(QualityOfService qos)
    {
        await using var mesh = await TestMesh.StartAsync();
        var broker = await mesh.AddGatewayAsync("here");
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        var (endpoint, epoch) = (broker.Services.GetRequiredService<GatewayContext>().Endpoint!, broker.Services.GetRequiredService<ConnectionRegistry>().Find("c")!.Epoch);
        Assert.True(await endpoint.PushAsync("c", epoch, Deliveries(qos, 0, 1)));
        Assert.Equal(["0", "1"], await client.ReceiveTextsAsync(2));
        Assert.True(await endpoint.PushAsync("c", epoch, Deliveries(qos, 0, 1, 2)));

        Assert.Equal(["2"], await client.ReceiveTextsAsync(1));
        await client.ExpectNothingAsync();
    }

    private static ImmutableArray<SessionDelivery> Deliveries(QualityOfService qos, params int[] positions) =>
        [.. positions.Select(p => new SessionDelivery(new SessionLogEntry { Sequence = p, QoS = qos, Message = new Message("t"u8, default, System.Text.Encoding.UTF8.GetBytes($"{p}")) { QoS = qos } }, false, false))];
}
