using Orleans.Hosting;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.TestingHost;
using OrleansMqtt.TestingHost.Tests.Support;

namespace OrleansMqtt.Handlers.Tests.Crashes;

/// <summary>Who dies.</summary>
public enum Victim
{
    /// <summary>The silo that has come to the point.</summary>
    ThatSilo,

    /// <summary>The other one.</summary>
    OtherSilo,

    /// <summary>The publisher's gateway.</summary>
    Gateway,
}

/// <summary>Between any two steps on the way of a message something dies, and each message has its effect once and in its order.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(Victim.ThatSilo)]
    [InlineData(Victim.OtherSilo)]
    [InlineData(Victim.Gateway)]
    public async Task What_a_session_publishes_at_QoS_2_has_its_effect_once(Victim victim)
    {
        var plan = new CrashPlan();
        await using var cluster = await StartAsync(plan, isPatient: victim != Victim.Gateway);
        await using var client = new RoamingClient(cluster, "payer");
        await client.PublishAsync("accounts/7", "1");
        var (balance, payments) = (1, 1);
        foreach (var point in Enum.GetValues<CrashPoint>())
        {
            plan.Arm(point);
            var publishing = client.PublishAsync("accounts/7", $"{10 * ++payments}");
            await KillAsync(cluster, plan, victim);
            await publishing;
            balance += 10 * payments;
            Assert.Equal((balance, payments, true), await cluster.Grains.GetGrain<IAccountGrain>("7").ReadAsync());
        }
    }

    [Theory]
    [InlineData(Victim.ThatSilo)]
    [InlineData(Victim.OtherSilo)]
    public async Task What_is_published_at_QoS_1_has_its_effect_once_as_long_as_its_connection_lives(Victim victim)
    {
        var plan = new CrashPlan();
        await using var cluster = await StartAsync(plan, isPatient: true);
        await using var client = await cluster.Gateways[0].ConnectAsync("payer");
        var (balance, payments) = (0, 0);
        foreach (var point in new[] { CrashPoint.Called, CrashPoint.BeforeApplied, CrashPoint.AfterApplied })
        {
            plan.Arm(point);
            // Others are under way behind it.
            var publishing = Enumerable.Range(0, 5).Select(_ => client.PublishAsync("accounts/7", $"{10 * ++payments}")).ToList();
            await KillAsync(cluster, plan, victim);
            await Task.WhenAll(publishing);
            balance = 5 * payments * (payments + 1);
            Assert.Equal((balance, payments, true), await cluster.Grains.GetGrain<IAccountGrain>("7").ReadAsync());
        }
    }

    private static async Task KillAsync(MqttTestCluster cluster, CrashPlan plan, Victim victim)
    {
        var name = await plan.ReachedAsync();
        if (victim == Victim.Gateway)
        {
            var gateway = cluster.Gateways.First(static gateway => gateway.IsActive);
            await cluster.KillGatewayAsync(gateway);
            plan.GoOn(null);
            await cluster.RestartGatewayAsync(gateway);
        }
        else
        {
            var silo = cluster.Silos.First(silo => silo.Name == name == (victim == Victim.ThatSilo));
            await cluster.KillSiloAsync(silo);
            plan.GoOn(silo.Name);
            await cluster.RestartSiloAsync(silo);
        }
        await cluster.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    private static Task<MqttTestCluster> StartAsync(CrashPlan plan, bool isPatient)
    {
        var store = new MqttTestStore();
        var builder = new MqttTestClusterBuilder().UseStore(store.AddTo).ConfigureSilo(silo => AccountStorage.AddTo(silo, store, plan));
        // Gateways that outlive a time without silos; but who may serve a client is known the later.
        if (isPatient) builder.Times = builder.Times with { Leases = builder.Times.Leases with { Gateway = TimeSpan.FromHours(1) } };
        return HandlerCluster.StartAsync(builder);
    }
}
