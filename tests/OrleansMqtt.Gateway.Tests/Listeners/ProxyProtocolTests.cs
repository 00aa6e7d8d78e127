using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Listeners;

/// <summary>A listener behind a load balancer.</summary>
public sealed class ProxyProtocolTests
{
    private static readonly ListenerOptions Behind = new() { ProxyProtocol = true };
    private static readonly string Header = Convert.ToHexString(Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 198.51.100.2 56324 1883\r\n"));

    [Fact]
    public async Task The_client_is_where_the_header_says_it_is()
    {
        await using var broker = await TestBroker.StartAsync(listener: Behind);
        using var client = new RawClient(broker);
        // In two parts, and with the beginning of CONNECT right behind it.
        var bytes = Header + RawClient.Connect("behind");
        await client.SendAsync(bytes[..20]);
        await client.SendAsync(bytes[20..]);
        await client.ExpectAsync("20020000");
        Assert.Equal("192.0.2.1:56324", broker.Services.GetRequiredService<ConnectionRegistry>().Find("behind")!.Remote);
    }

    [Fact]
    public async Task One_without_a_header_is_closed_and_others_go_on()
    {
        await using var broker = await TestBroker.StartAsync(listener: Behind);
        using var bare = new RawClient(broker);
        using var behind = new RawClient(broker);
        await bare.SendAsync(RawClient.Connect("bare"));
        await bare.ExpectClosedAsync();
        await behind.SendAsync(Header + RawClient.Connect("behind"));
        await behind.ExpectAsync("20020000");
    }

    [Fact]
    public async Task A_header_that_does_not_end_is_not_waited_for()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ConnectTimeoutSeconds = 10 }, listener: Behind);
        using var client = new RawClient(broker);
        await client.SendAsync(Header[..20]);
        // Another client's round trip: the one before has been accepted.
        using (var other = new RawClient(broker))
        {
            await other.SendAsync(Header + RawClient.Connect("other"));
            await other.ExpectAsync("20020000");
        }
        for (var i = 0; i < 12; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectClosedAsync();
    }
}
