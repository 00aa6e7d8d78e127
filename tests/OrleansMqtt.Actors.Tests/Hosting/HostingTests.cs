using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Calls;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Hosting;

public class HostingTests
{
    [Fact]
    public async Task A_host_becomes_a_silo_whose_grains_its_services_can_call()
    {
        var order = new List<string>();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.Configure<SiloOptions>(options => options.SiloName = "here");
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new Participant(order));
            silo.AddStartupTask(async (services, _) =>
                order.Add("task " + await services.GetRequiredService<IGrainFactory>().GetGrain<IEchoGrain>("from the task").Key()));
        });
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        Assert.Equal(("here", ClusterOptions.DefaultClusterId), (details.Name, details.ClusterId));
        Assert.Equal(3, await host.Services.GetRequiredService<IClusterClient>().GetGrain<IEchoGrain>("a").Add(1, 2));
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["start 10000", "start 15000", "task from the task", "stop 15000", "stop 10000"], order);
    }

    [Fact]
    public async Task A_silo_of_stateless_workers_stops_too()
    {
        await using var cluster = await Cluster.StartAsync();
        var gate = Gates.NewName();
        Gates.Of(gate).Open();
        var worker = cluster.GrainFactory.GetGrain<IWorkerGrain>("a");
        await worker.Work(gate);

        await cluster.RestartSiloAsync(cluster.Primary!);
        await worker.Work(gate);

        Assert.Equal(2, Gates.Of(gate).Count);
    }

    private sealed class Participant(List<string> order) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            foreach (var stage in new[] { 15000, ServiceLifecycleStage.ApplicationServices })
            {
                lifecycle.Subscribe("test", stage, _ => Add($"start {stage}"), _ => Add($"stop {stage}"));
            }
        }

        private Task Add(string entry)
        {
            order.Add(entry);
            return Task.CompletedTask;
        }
    }
}
