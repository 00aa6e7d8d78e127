using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansMqtt.Samples.Ingest;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.Ingest;

public class IngestTests
{
    [Theory]
    [InlineData(Death.BeforeStored, QualityOfService.AtLeastOnce)]
    [InlineData(Death.AfterStored, QualityOfService.AtLeastOnce)]
    [InlineData(Death.BeforeStored, QualityOfService.ExactlyOnce)]
    [InlineData(Death.AfterStored, QualityOfService.ExactlyOnce)]
    public async Task Every_reading_that_was_acknowledged_is_stored_once_though_a_silo_dies(Death death, QualityOfService qos)
    {
        await using var readings = new Readings();
        var plan = new DeathPlan(death, number: 20);
        await using var cluster = await Clusters.StartAsync(typeof(ReadingGrain), builder =>
        {
            builder.ConfigureSilo(silo => silo.Services.AddSingleton<IReadingStore>(services => new InterruptedStore(readings.Store, plan, services.GetRequiredService<ILocalSiloDetails>().Name)));
            // The gateway outlives the time until the other silo has taken over.
            builder.Times = builder.Times with { Leases = builder.Times.Leases with { Gateway = TimeSpan.FromHours(1) } };
        });
        await using var client = await cluster.Gateways[0].ConnectAsync("plant");
        var publishing = Enumerable.Range(0, 100).Select(i => client.PublishAsync($"plants/north/device-{i % 10}/reading", Json(i), qos)).ToList();
        var name = await plan.ReachedAsync();
        await cluster.KillSiloAsync(cluster.Silos.Single(silo => silo.Name == name));
        plan.Done();
        await Task.WhenAll(publishing);
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => ($"north/device-{i % 10}", (double)i)).Order(), readings.All());
    }

    [Theory]
    [InlineData("20.5", "The JSON value could not be converted")]
    [InlineData("""{"celsius":20.5}""", "was missing required properties")]
    [InlineData("""{"at":"2030-01-01T00:00:00Z","celsius":-300}""", "-300 degrees are impossible.")]
    [InlineData("""{"at":"2030-01-01T00:00:00Z","celsius":20,"fahrenheit":68}""", "fahrenheit")]
    public async Task What_is_no_reading_is_a_dead_letter_with_the_reason(string payload, string reason)
    {
        await using var readings = new Readings();
        await using var cluster = await StartAsync(readings);
        await using var client = await cluster.Gateways[0].ConnectAsync("plant");
        await client.SubscribeAsync("$dead-letter/ReadingGrain");
        await Assert.ThrowsAsync<IOException>(() => client.PublishAsync("plants/north/device-1/reading", payload));
        var letter = await client.ReceiveAsync();
        Assert.Equal(payload, Encoding.UTF8.GetString(letter.Payload.Span));
        Assert.Contains(reason, letter.UserProperties.Single(static property => property.Name == "dead-letter-reason").Value, StringComparison.Ordinal);
        Assert.Equal("1", letter.UserProperties.Single(static property => property.Name == "dead-letter-attempts").Value);
        Assert.Empty(readings.All());
    }

    [Fact]
    public async Task While_the_store_fails_nothing_is_acknowledged()
    {
        await using var readings = new Readings();
        await using var cluster = await StartAsync(readings);
        await using var client = await cluster.Gateways[0].ConnectAsync("plant");
        using (readings.Lock()) await Assert.ThrowsAsync<IOException>(() => client.PublishAsync("plants/north/device-1/reading", Json(1)));
        await client.PublishAsync("plants/north/device-1/reading", Json(2));
        Assert.Equal([("north/device-1", 2.0)], readings.All());
    }

    [Fact]
    public async Task What_an_old_device_sends_is_a_reading_before_anybody_sees_it()
    {
        await using var readings = new Readings();
        await using var cluster = await StartAsync(readings);
        await using var client = await cluster.Gateways[0].ConnectAsync("plant");
        await client.SubscribeAsync("plants/#");
        await client.PublishAsync("plants/north/device-1/celsius", "20.5");
        Assert.Equal([("north/device-1", 20.5)], readings.All());
        Assert.Equal("plants/north/device-1/reading", (await client.ReceiveAsync()).Topic);
        var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync("plants/north/device-1/celsius", "-300"));
        Assert.Contains(nameof(ReasonCode.PayloadFormatInvalid), refusal.Message, StringComparison.Ordinal);
    }

    private static Task<MqttTestCluster> StartAsync(Readings readings) => Clusters.StartAsync(
        typeof(ReadingGrain),
        builder => builder.UseTopicHandlers(typeof(ReadingGrain), typeof(OldDeviceFilter)).ConfigureSilo(silo => silo.Services.AddSingleton<IReadingStore>(readings.Store)));

    private static string Json(int celsius) => $$"""{"at":"2030-01-01T00:00:00Z","celsius":{{celsius}}}""";
}
