using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Transports;

public sealed class V311TransportTests
{
    // A client that sends itself a message at QoS 1: each packet by the letter of the standard.
    private static readonly (string Sent, string Answer)[] Exchange =
    [
        ("100D 0004 4D515454 04 02 003C 0001 61", "2002 0000"),
        ("8208 0002 0003 612F2B 01", "9003 0002 01"),
        ("320C 0003 612F62 0007 68656C6C6F", "320C 0003 612F62 0001 68656C6C6F" + "4002 0007"),
        ("4002 0001" + "C000", "D000"),
        ("A207 0003 0003 612F2B", "B002 0003"),
    ];

    [Fact]
    [Normative("3.1.1", "MQTT-7.1.1-1")]
    [Normative("3.1.1", "MQTT-7.0.0-2")]
    public async Task A_client_that_sends_nothing_but_what_the_standard_has_is_served_over_TCP()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await TestBroker.StartAsync(configure: services => services.AddSingleton<IConnectionListenerFactory, LoopbackTransport>());
        var gateway = broker.Services.GetRequiredService<MqttGateway>();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Listeners.Single().EndPoint, cancellation);
        await using var stream = new NetworkStream(socket);

        foreach (var (sent, answer) in Exchange)
        {
            await stream.WriteAsync(Bytes(sent), cancellation);
            var received = new byte[Bytes(answer).Length];
            await stream.ReadExactlyAsync(received, cancellation);
            Assert.Equal(Convert.ToHexString(Bytes(answer)), Convert.ToHexString(received));
        }
        await stream.WriteAsync(Bytes("E000"), cancellation);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], cancellation));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-7.1.1-1")]
    public async Task A_packet_may_come_byte_by_byte()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);
        foreach (var (sent, answer) in Exchange)
        {
            foreach (var single in Bytes(sent)) await raw.SendAsync($"{single:X2}");
            await raw.ExpectAsync(answer);
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    /// <summary>Real sockets, on a free port of the loopback interface whatever the listener is configured for.</summary>
    private sealed class LoopbackTransport : IConnectionListenerFactory
    {
        private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            _sockets.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), cancellationToken);
    }
}
