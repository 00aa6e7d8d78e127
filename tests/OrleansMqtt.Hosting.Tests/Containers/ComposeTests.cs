using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Silos.Configuration;
using OrleansMqtt.Hosting.Tests.Configuration;

namespace OrleansMqtt.Hosting.Tests.Containers;

public sealed class ComposeTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();
    private static readonly IReadOnlyList<ComposeService> Silos = Compose.Of("orleansmqtt/silo");
    private static readonly IReadOnlyList<ComposeService> Gateways = Compose.Of("orleansmqtt/gateway");

    [Fact]
    public void There_are_two_of_each()
    {
        Assert.Equal(["silo-1", "silo-2"], Silos.Select(static silo => silo.Name));
        Assert.Equal(["gateway-1", "gateway-2"], Gateways.Select(static gateway => gateway.Name));
    }

    [Fact]
    public void Gateways_take_their_settings() => Assert.All(Gateways, static gateway =>
    {
        var settings = Reading.Of(gateway.Settings).Accepted();
        Assert.Equal("redis:6379", settings.Cluster.Redis);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 1883), Assert.Single(settings.Gateway.Listeners).Bind);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 8080), settings.Http.Bind);
    });

    [Fact]
    public void Silos_take_their_settings_and_are_reached_by_their_names() => Assert.All(Silos, static silo =>
    {
        using var configuration = new ConfigurationManager();
        var reader = new SettingsReader(configuration);
        Assert.Null(ConfigurationSources.Load(configuration, AppContext.BaseDirectory, silo.Settings));
        var settings = SiloSettings.Read(reader, configuration);
        Assert.Null(reader.Problem);
        Assert.Equal("redis:6379", settings.Cluster.Redis);
        Assert.Equal(new DnsEndPoint(silo.Name, settings.Cluster.Bind.Port), settings.Cluster.Advertise);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 8080), settings.Http.Bind);
    });

    [Fact]
    public void Redis_keeps_what_the_default_durability_promises() =>
        Assert.Equal(["redis-server", "--appendonly", "yes", "--appendfsync", "always", "--save", ""], Compose.Services["redis"].Names("command"));

    [Fact]
    public void Whom_a_service_waits_for_is_there() =>
        Assert.All(Compose.Services.Values.SelectMany(static service => service.Names("depends_on")), static name => Assert.Contains(name, Compose.Services.Keys));

    [Fact]
    public void Every_service_comes_back_and_may_little() => Assert.All(Compose.Services.Values, static service =>
    {
        Assert.Equal("unless-stopped", service.Text("restart"));
        Assert.Equal("true", service.Text("read_only"));
        Assert.Equal(["ALL"], service.Names("cap_drop"));
    });

    [Fact]
    public void The_balancer_knows_all_gateways()
    {
        var servers = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "haproxy.cfg")).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(static words => words is ["server", ..]);
        Assert.Equal(Gateways.Select(static gateway => (gateway.Name, $"{gateway.Name}:1883")), servers.Select(static words => (words[1], words[2])));
        // And says them whose connections it passes on, which they expect.
        Assert.All(servers, static words => Assert.Contains("send-proxy-v2", words));
        Assert.All(Gateways, static gateway => Assert.True(Assert.Single(Reading.Of(gateway.Settings).Accepted().Gateway.Listeners).ProxyProtocol));
    }
}
