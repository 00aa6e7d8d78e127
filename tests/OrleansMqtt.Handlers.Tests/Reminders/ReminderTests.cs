using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Reminders;

/// <summary>Rings when it was told to, and every hour from then on.</summary>
[TopicHandler("rings/{id}", Ack = AckMode.Handled)]
public sealed class RingGrain(ILocalSiloDetails silo) : Grain, ITopicHandlerGrain, IRemindable
{
    public async Task On(TopicContext context, int minutes)
    {
        await this.RegisterOrUpdateReminder("ring", TimeSpan.FromMinutes(minutes), TimeSpan.FromHours(1));
        Inbox.Put(context["id"], silo.Name);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Inbox.Put(this.GetPrimaryKeyString(), silo.Name);
        return Task.CompletedTask;
    }
}

/// <summary>Handlers that are reminded, by the clock that a test moves.</summary>
public class ReminderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reminder_outlives_its_silo(bool isKilled)
    {
        var name = $"r{Guid.NewGuid():N}";
        await using var cluster = await HandlerCluster.StartAsync(new MqttTestClusterBuilder { Silos = 2, Gateways = 1, HasVirtualGrainTime = true });
        await using var client = await cluster.Gateways[0].ConnectAsync(name);
        await client.PublishAsync($"rings/{name}", "90");
        var at = await Inbox.TakeAsync(name);
        var home = cluster.Silos.Single(silo => silo.Name == at);
        await cluster.AdvanceAsync(TimeSpan.FromMinutes(89), TestContext.Current.CancellationToken);
        Assert.True(Inbox.IsEmpty(name));
        await (isKilled ? cluster.KillSiloAsync(home) : cluster.StopSiloAsync(home));
        await cluster.AdvanceAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.NotEqual(home.Name, await Inbox.TakeAsync(name));
    }
}
