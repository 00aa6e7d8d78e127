using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace OrleansMqtt.Actors.Network.Tests.Clusters;

/// <summary>Silos of one cluster that have not all the same grain classes.</summary>
public class DifferentSilosTests
{
    [Fact]
    public async Task A_grain_lives_where_its_class_is()
    {
        await using var cluster = await StartAsync(3);
        Assert.Equal(["Secondary_1", "Secondary_2"], (await cluster.WhereAllAsync()).Distinct().Order());
        // Other grains are on all silos, and find them.
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => cluster.GrainFactory.GetGrain<IAskingGrain>(i).Ask(i)));
        Assert.Contains(others, static answer => answer is { Own: "Primary", Other: not "Primary" });

        await cluster.StopSiloAsync(cluster.Silos[2]);
        await cluster.WaitForLivenessToStabilizeAsync();
        Assert.Equal(["Secondary_1"], (await cluster.WhereAllAsync()).Distinct());
    }

    [Fact]
    public async Task A_grain_whose_class_no_silo_has_cannot_be_called_until_one_has_it()
    {
        await using var cluster = await StartAsync(2);
        await cluster.StopSiloAsync(cluster.Silos[1]);
        await cluster.WaitForLivenessToStabilizeAsync();
        await Assert.ThrowsAsync<OrleansException>(() => cluster.Where(1).Silo());
        await Assert.ThrowsAsync<OrleansException>(() => cluster.GrainFactory.GetGrain<IAskingGrain>(1).Ask(1));

        var added = await cluster.StartAdditionalSiloAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        Assert.Equal([added.Name], (await cluster.WhereAllAsync()).Distinct());
    }

    // The first silo is of an older version, so to speak.
    private static async Task<TestCluster> StartAsync(short silos)
    {
        var builder = new TestClusterBuilder(silos);
        builder.AddSiloBuilderConfigurator<Classes>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        return cluster;
    }

    private sealed class Classes : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.Services.AddOptions<GrainTypeOptions>().Configure<IOptions<SiloOptions>>(static (options, silo) =>
        {
            if (silo.Value.SiloName == "Primary") options.Classes.Remove(typeof(WhereGrain));
        });
    }
}
