using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;

namespace OrleansMqtt.TestingHost.Tests.Handlers;

public class WaitUntilHandledTests
{
    [Fact]
    public async Task It_waits_for_what_handlers_publish_to_handlers_too()
    {
        await using var cluster = await StartAsync(silos: 3);
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        for (var round = 1; round <= 20; round++)
        {
            for (var i = 0; i < 5; i++) await client.PublishAsync($"relay/{round}-{i}/start", "9");
            await cluster.WaitUntilHandledAsync(TestContext.Current.CancellationToken);
            Assert.Equal(round * 5 * 10, RelayGrain.Count);
        }
    }

    [Fact]
    public async Task Silos_have_the_handlers_that_the_builder_names()
    {
        await using var cluster = await StartAsync(gateways: 0, silos: 1, static builder => builder.UseTopicHandlers());
        Assert.Empty(cluster.Silos[0].Services.GetRequiredService<HandlerTable>().All);
    }
}
