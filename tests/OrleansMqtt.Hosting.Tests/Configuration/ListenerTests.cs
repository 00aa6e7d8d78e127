using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class ListenerTests
{
    [Fact]
    public void Without_configuration_there_is_one_listener_on_the_loopback_address()
    {
        var listener = Assert.Single(Reading.Of().Accepted().Gateway.Listeners);
        Assert.Equal(("default", Reading.Ip("127.0.0.1:1883"), false), (listener.Name, listener.Bind, listener.Tolerant));
    }

    [Fact]
    public void A_lone_default_is_itself_a_listener()
    {
        var listener = Assert.Single(Reading.Of("--Listeners:default:Bind=127.0.0.1:2883", "--Listeners:default:Tolerant=true").Accepted().Gateway.Listeners);
        Assert.Equal(("default", Reading.Ip("127.0.0.1:2883"), true), (listener.Name, listener.Bind, listener.Tolerant));
    }

    [Fact]
    public void Default_without_an_address_lends_its_values_to_the_others_and_listens_no_more() => Assert.Equal(
        [("field", Reading.Ip("127.0.0.1:1883"), true), ("office", Reading.Ip("127.0.0.1:2884"), false)],
        Summary("--Listeners:Default:Tolerant=true", "--Listeners:field:Transport=tcp", "--Listeners:office:Bind=127.0.0.1:2884", "--Listeners:office:Tolerant=false"));

    [Fact]
    public void Default_with_an_address_listens_there_beside_the_others() => Assert.Equal(
        [("default", Reading.Ip("127.0.0.1:2883"), true), ("field", Reading.Ip("127.0.0.1:2884"), true)],
        Summary("--Listeners:default:Bind=127.0.0.1:2883", "--Listeners:default:Tolerant=true", "--Listeners:field:Bind=127.0.0.1:2884"));

    [Fact]
    public void A_listener_behind_a_load_balancer_may_expect_its_headers() => Assert.Equal(
        [true, false],
        Reading.Of("--Listeners:default:ProxyProtocol=true", "--Listeners:a:Bind=127.0.0.1:1", "--Listeners:b:Bind=127.0.0.1:2", "--Listeners:b:ProxyProtocol=false")
            .Accepted().Gateway.Listeners.Select(static listener => listener.ProxyProtocol));

    [Fact]
    public void A_wrong_value_of_default_is_reported_under_its_own_key() => Assert.Equal(
        "Listeners:default:Tolerant is \"yes\"; allowed is true or false.",
        Reading.Of("--Listeners:default:Tolerant=yes", "--Listeners:a:Bind=127.0.0.1:1").Problem);

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("localhost:1883", "127.0.0.1:1883")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    public void An_address_has_a_host_and_a_port(string text, string expected) =>
        Assert.Equal(Reading.Ip(expected), Reading.Of($"--Listeners:default:Bind={text}").Accepted().Gateway.Listeners[0].Bind);

    [Fact]
    public void An_address_may_be_the_path_of_a_unix_socket()
    {
        var bind = Reading.Of("--Listeners:default:Bind=unix:/run/mqtt.sock").Accepted().Gateway.Listeners[0].Bind;
        Assert.Equal("/run/mqtt.sock", Assert.IsType<UnixDomainSocketEndPoint>(bind).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1883")]
    [InlineData("127.0.0.1")]
    [InlineData(":1883")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.1:1883")]
    [InlineData("010.0.0.1:1883")]
    [InlineData("::1:1883")]
    [InlineData("broker.example:1883")]
    [InlineData("mqtt://127.0.0.1:1883")]
    [InlineData("unix:relative.sock")]
    public void Any_other_address_is_refused(string text) => Assert.Equal(
        $"Listeners:default:Bind is \"{text}\"; allowed is host:port with an IP address or localhost and a port from 0 to 65535, or unix:/path.",
        Reading.Of($"--Listeners:default:Bind={text}").Problem);

    [Fact]
    public void Two_listeners_cannot_share_an_address() => Assert.Equal(
        "Listeners:b:Bind is \"127.0.0.1:1883\", which listener a has already; allowed is another address or port.",
        Reading.Of("--Listeners:a:Tolerant=true", "--Listeners:b:Bind=127.0.0.1:1883").Problem);

    [Fact]
    public void Two_listeners_may_each_take_a_free_port() =>
        Assert.Equal(2, Reading.Of("--Listeners:a:Bind=127.0.0.1:0", "--Listeners:b:Bind=127.0.0.1:0").Accepted().Gateway.Listeners.Count);

    [Theory]
    [InlineData("udp")]
    [InlineData("1")]
    [InlineData("")]
    public void Unknown_transports_are_refused(string transport) => Assert.Equal(
        $"Listeners:a:Transport is \"{transport}\"; allowed is tcp, tls, ws, wss or quic.",
        Reading.Of($"--Listeners:a:Transport={transport}").Problem);

    [Theory]
    [InlineData("0.0.0.0:1883")]
    [InlineData("192.0.2.1:1883")]
    [InlineData("[::]:1883")]
    public void An_address_that_others_reach_needs_leave_for_anonymous_clients(string bind)
    {
        Assert.Equal(
            $"Listeners:a:Bind is \"{bind}\", which other machines can reach, and no authentication is configured; allowed is a loopback address, or any with Authentication:AllowAnonymous=true.",
            Reading.Of($"--Listeners:a:Bind={bind}", "--Authentication:AllowAnonymous=false").Problem);
        Assert.Equal(Reading.Ip(bind), Reading.Of($"--Listeners:a:Bind={bind}", "--Authentication:AllowAnonymous=true").Accepted().Gateway.Listeners[0].Bind);
    }

    private static IEnumerable<(string Name, IPEndPoint Bind, bool Tolerant)> Summary(params string[] arguments) =>
        Reading.Of(arguments).Accepted().Gateway.Listeners.Select(static l => (l.Name, (IPEndPoint)l.Bind, l.Tolerant));
}
