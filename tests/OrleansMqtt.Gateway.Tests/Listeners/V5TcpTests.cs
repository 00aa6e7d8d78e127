using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class V5TcpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    [Normative("5.0", "MQTT-4.2-1")]
    public async Task Packets_pass_over_tcp_however_the_stream_is_cut(int segment)
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.UseOrleans(silo => silo.RunAlone().AddMqttGrains().AddMqttMemoryStore());
        builder.Services.AddMqttGateway(new GatewayOptions { SysInterval = TimeSpan.Zero, Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }] });
        using var host = builder.Build();
        await host.StartAsync(cancel);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint, cancel);

        byte[] packets = [
            .. PacketEncoder.Encode(new ConnectPacket { ClientId = "client", CleanStart = true }, ProtocolVersion.V50),
            .. PacketEncoder.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] }, ProtocolVersion.V50),
            .. PacketEncoder.Encode(new PublishPacket { Topic = "a", Payload = "x"u8.ToArray() }, ProtocolVersion.V50),
            .. PacketEncoder.Encode(new DisconnectPacket(), ProtocolVersion.V50)];
        foreach (var piece in packets.Chunk(segment)) await socket.SendAsync(piece, cancel);

        using var stream = new NetworkStream(socket);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, cancel);
        var types = new List<PacketType>();
        for (var rest = received.ToArray().AsSpan(); !rest.IsEmpty;)
        {
            Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse(rest, uint.MaxValue, out var header, out _));
            types.Add(header.Type);
            rest = rest[header.TotalLength..];
        }
        Assert.Equal([PacketType.ConnAck, PacketType.SubAck, PacketType.Publish], types);
        await host.StopAsync(cancel);
    }
}
