using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.TestingHost.Tests.Clusters;

public class ConfigurationTests
{
    [Fact]
    public async Task Options_of_gateways_can_be_changed()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1, builder => builder
            .ConfigureGateway(static options => options with { Limits = options.Limits with { MaxConnections = 7 } })
            .ConfigureGateway(static options => options with { Limits = options.Limits with { MaxConnections = options.Limits.MaxConnections - 6 } }));
        await using var first = await cluster.Gateways[0].ConnectAsync("first");
        var refusal = await Assert.ThrowsAsync<IOException>(() => cluster.Gateways[0].ConnectAsync("second"));
        Assert.Contains("ServerBusy", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_of_silos_and_gateways_can_be_added()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 2, builder => builder
            .ConfigureSilo(static silo => silo.Services.AddSingleton("a silo's"))
            .ConfigureGatewayServices(static services => services.AddSingleton("a gateway's")));
        Assert.All(cluster.Silos, static silo => Assert.Equal("a silo's", silo.Services.GetRequiredService<string>()));
        Assert.Equal("a gateway's", cluster.Gateways[0].Services.GetRequiredService<string>());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    public Task Numbers_out_of_range_are_refused(int gateways, int silos) => Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(gateways, silos));

    [Fact]
    public async Task A_silo_that_cannot_start_fails_the_start_of_the_cluster()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(configure: static builder => builder.ConfigureSilo(
            static _ => throw new InvalidOperationException("no such setting"))));
        Assert.Equal("no such setting", failure.Message);
    }

    [Fact]
    public async Task A_gateway_that_cannot_start_leaves_the_cluster_as_it_is()
    {
        var fails = false;
        await using var cluster = await StartAsync(gateways: 1, silos: 1, builder => builder.ConfigureGateway(options => fails ? throw new InvalidOperationException("no such setting") : options));
        fails = true;
        await Assert.ThrowsAsync<InvalidOperationException>(cluster.StartAdditionalGatewayAsync);
        Assert.False(cluster.Gateways[1].IsActive);
        await cluster.ReadyAsync();
        fails = false;
        await cluster.RestartGatewayAsync(cluster.Gateways[1]);
        await using var client = await cluster.Gateways[1].ConnectAsync("client");
    }

    [Fact]
    public async Task Parts_of_another_cluster_are_refused()
    {
        await using var one = await StartAsync(gateways: 1, silos: 1);
        await using var other = await StartAsync(gateways: 1, silos: 1);
        await Assert.ThrowsAsync<ArgumentException>(() => one.KillGatewayAsync(other.Gateways[0]));
        await Assert.ThrowsAsync<ArgumentException>(() => one.RestartSiloAsync(other.Silos[0]));
        Assert.True(other.Gateways[0].IsActive && other.Silos[0].IsActive);
    }
}
