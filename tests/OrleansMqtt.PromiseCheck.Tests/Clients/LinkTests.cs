using System.Net;
using System.Net.Sockets;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Tests.Clients;

public sealed class LinkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LinkTests() => _listener.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Packets_come_whole_however_they_were_cut()
    {
        var (link, broker) = await ConnectAsync();
        using (link)
        using (broker)
        {
            byte[] large = [.. Enumerable.Range(0, 40_000).Select(static i => (byte)i)];
            byte[] bytes =
            [
                .. Encode(new PublishPacket { Topic = "a", Payload = large }), .. Encode(PingRespPacket.Instance),
                .. Encode(new PublishPacket { Topic = "b" }),
            ];
            var sending = SendAsync(broker, [bytes[..1], bytes[1..20_000], bytes[20_000..^3], bytes[^3..]]);
            Assert.Equal(large, Assert.IsType<PublishPacket>((await link.ReceiveAsync(Patience, Stop)).Packet).Payload.ToArray());
            Assert.IsType<PingRespPacket>((await link.ReceiveAsync(Patience, Stop)).Packet);
            Assert.Equal("b", Assert.IsType<PublishPacket>((await link.ReceiveAsync(Patience, Stop)).Packet).Topic);
            await sending;
        }
    }

    [Fact]
    public async Task A_wait_without_patience_keeps_what_comes_later()
    {
        var (link, broker) = await ConnectAsync();
        using (link)
        using (broker)
        {
            Assert.Equal(LinkState.Silent, (await link.ReceiveAsync(TimeSpan.Zero, Stop)).State);
            await SendAsync(broker, [Encode(PingRespPacket.Instance)]);
            Assert.IsType<PingRespPacket>((await link.ReceiveAsync(Patience, Stop)).Packet);
        }
    }

    [Fact]
    public async Task The_end_of_the_connection_is_a_value_behind_the_last_packet()
    {
        var (link, broker) = await ConnectAsync();
        using (link)
        {
            await SendAsync(broker, [Encode(PingRespPacket.Instance)]);
            broker.Dispose();
            Assert.Equal(LinkState.Packet, (await link.ReceiveAsync(Patience, Stop)).State);
            Assert.Equal(LinkState.Ended, (await link.ReceiveAsync(Patience, Stop)).State);
            await link.SendAsync(PingReqPacket.Instance, Stop);
            await link.SendAsync(PingReqPacket.Instance, Stop);
        }
    }

    [Fact]
    public async Task What_is_not_MQTT_is_malformed()
    {
        var (link, broker) = await ConnectAsync();
        using (link)
        using (broker)
        {
            await SendAsync(broker, [[0x00, 0x00]]);
            var reading = await link.ReceiveAsync(Patience, Stop);
            Assert.Equal(LinkState.Malformed, reading.State);
            Assert.NotNull(reading.Problem);
        }
    }

    [Fact]
    public async Task A_port_that_refuses_gives_no_link()
    {
        var endPoint = _listener.LocalEndpoint;
        _listener.Stop();
        Assert.Null(await Link.OpenAsync(endPoint, TimeProvider.System, Stop));
    }

    private static byte[] Encode(Packet packet) => PacketEncoder.Encode(packet, ProtocolVersion.V50);

    private static async Task SendAsync(Socket socket, byte[][] parts)
    {
        foreach (var part in parts) await socket.SendAsync(part, Stop);
    }

    private async Task<(Link Link, Socket Broker)> ConnectAsync()
    {
        var accepting = _listener.AcceptSocketAsync(Stop);
        var link = await Link.OpenAsync(_listener.LocalEndpoint, TimeProvider.System, Stop);
        return (link!, await accepting);
    }
}
