using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Tests.Retained;

public sealed class RetainedFailoverTests
{
    private const int Failures = 3;
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000) };

    [Theory]
    [InlineData("kept/it")]
    [InlineData("kept/#")]
    public async Task What_a_partition_keeps_is_read_as_soon_as_it_has_another_home(string filter)
    {
        var failures = 0;
        await using var broker = await TestBroker.StartAsync(cluster: Times, configure: services => services.AddSingleton(provider => ReaderOf(provider, FailAtFirst)));
        var (publisher, subscriber) = (await broker.ConnectAsync("p"), await broker.ConnectAsync("s"));
        await publisher.PublishAsync("kept/it", "value", QualityOfService.AtLeastOnce, retain: true);
        await subscriber.SubscribeAsync(filter, QualityOfService.AtLeastOnce);

        Assert.Equal("value", await subscriber.ReceiveTextAsync());
        Assert.InRange(failures, Failures, int.MaxValue);

        object? FailAtFirst(string method, Func<object?> next) =>
            method == nameof(ITopicGrain.ReadRetainedAsync) && Interlocked.Increment(ref failures) <= Failures ? Task.FromException<RetainedPage>(new SiloUnavailableException("It was lost.")) : next();
    }

    private static RetainedReader ReaderOf(IServiceProvider provider, Func<string, Func<object?>, object?> between) => new(
        Intercepted.Grains<ITopicGrain>(provider.GetRequiredService<IGrainFactory>(), between), provider.GetRequiredService<TopicPartitions>(), provider.GetRequiredService<ILocalRouter>(),
        provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RetainedReader>>(), provider.GetRequiredService<GatewayLease>(), Times with { Retry = TimeSpan.Zero });
}
