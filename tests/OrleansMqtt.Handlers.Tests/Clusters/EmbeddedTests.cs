using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.TestingHost;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.Handlers.Tests.Clusters;

/// <summary>Handlers in a broker that is one process, where publishes are routed on the thread that reads them.</summary>
public class EmbeddedTests
{
    [Fact]
    public async Task Handlers_handle_answer_and_fail_as_in_a_cluster()
    {
        var name = $"e{Guid.NewGuid():N}";
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var endPoint = host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint;
        await using (var client = await MqttTestClient.ConnectAsync(endPoint, new ConnectPacket { ClientId = name, CleanStart = true }))
        {
            await client.SubscribeAsync($"twins/a/{name}/state");
            await client.PublishAsync($"twins/a/{name}/set", "1", QualityOfService.ExactlyOnce);
            Assert.Equal("1", await client.ReceiveTextAsync());
            for (var i = 0; i < 1000; i++) await client.PublishAsync($"devices/{name}/telemetry", $$"""{"celsius":{{i}}}""", QualityOfService.AtMostOnce);
            for (var i = 0; i < 1000; i++) Assert.StartsWith($"{i + 1}: {i} of", await Inbox.TakeAsync(name), StringComparison.Ordinal);
            await client.SubscribeAsync("$dead-letter/#");
            var refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"failing/{name}", "99"));
            Assert.Contains(nameof(ReasonCode.ImplementationSpecificError), refusal.Message, StringComparison.Ordinal);
            Assert.Equal("$dead-letter/FailingGrain", (await client.ReceiveAsync()).Topic);
            await client.SubscribeAsync($"guarded/{name}");
            refusal = await Assert.ThrowsAsync<IOException>(() => client.PublishAsync($"guarded/{name}", "deny 99", retain: true));
            Assert.Contains(nameof(ReasonCode.PayloadFormatInvalid), refusal.Message, StringComparison.Ordinal);
            for (var i = 0; i < 1000; i++) await client.PublishAsync($"guarded/{name}", i % 2 == 0 ? $"say {i}" : "deny 87", QualityOfService.AtMostOnce);
            for (var i = 0; i < 1000; i += 2) Assert.Equal($"{i}", await client.ReceiveTextAsync());
        }
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        builder.UseOrleans(static silo => silo.UseLocalhostClustering().AddMqttGrains().AddMqttMemoryStore());
        builder.Services.AddMqttGateway(new GatewayOptions { Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }], SysInterval = TimeSpan.Zero });
        return builder.Build();
    }
}
