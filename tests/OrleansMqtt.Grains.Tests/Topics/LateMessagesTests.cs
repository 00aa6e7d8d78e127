using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Topics;

/// <summary>Retained messages that a router brings late, which knows nothing of what others have brought since.</summary>
public sealed class LateMessagesTests
{
    private readonly LastingStores _stores = new();

    [Fact]
    public async Task What_is_behind_a_later_message_of_its_connection_is_passed_over_by_an_activation_too_that_has_only_read_that_one()
    {
        await using var first = await _stores.StartAsync(cluster: new LeaseTimes());
        await first.Topic(0).RetainAsync([Message("1", 5, 1), Message("2", 5, 2)]);
        await using var second = await _stores.StartSuccessorAsync(new LeaseTimes());
        await second.Topic(0).RetainAsync([Message("1 again", 5, 1)]);
        await second.Topic(0).RetainAsync([Message("2 again", 5, 2)]);
        Assert.Equal("2", Retained());
        await second.Topic(0).RetainAsync([Message("4", 5, 4), Message("3", 5, 3)]);
        Assert.Equal("4", Retained());
    }

    [Fact]
    public async Task What_another_publisher_says_is_not_compared()
    {
        await using var silo = await _stores.StartAsync(cluster: new LeaseTimes());
        await silo.Topic(0).RetainAsync([Message("of p", 5, 5)]);
        await silo.Topic(0).RetainAsync([Message("of q", 5, 1, "q")]);
        Assert.Equal("of q", Retained());
        // Nor is what has no place in an order.
        await silo.Topic(0).RetainAsync([Samples.Message("t", "without")]);
        Assert.Equal("without", Retained());
    }

    [Fact]
    public async Task What_an_earlier_connection_has_published_is_passed_over()
    {
        await using var silo = await _stores.StartAsync(cluster: new LeaseTimes());
        var earlier = await ConnectAsync(silo);
        var later = await ConnectAsync(silo);
        await silo.Topic(0).RetainAsync([Message("later", later, 1)]);
        await silo.Topic(0).RetainAsync([Message("earlier", earlier, 7)]);
        await silo.Topic(0).RetainAsync([Message("its will", earlier, RetainedOrder.Will)]);

        Assert.Equal("later", Retained());
    }

    [Fact]
    public async Task A_connection_whose_number_is_low_only_by_a_clock_that_was_set_back_is_believed()
    {
        await using var silo = await _stores.StartAsync(cluster: new LeaseTimes());
        var connection = await ConnectAsync(silo);
        await silo.Topic(0).RetainAsync([Message("before", connection + 1000, 1)]);
        await silo.Topic(0).RetainAsync([Message("now", connection, 1)]);

        Assert.Equal("now", Retained());
    }

    private static async Task<long> ConnectAsync(TestSilo silo) => (await silo.Session("p").ConnectAsync(LastingStores.Request(silo, "g") with { SessionExpiry = 0 })).Epoch;

    private string Retained() => Assert.Single(_stores.Retained.All).Text();

    private static Message Message(string text, long epoch, long number, string publisher = "p") => Samples.Message("t", text).With(publisher: publisher, order: new RetainedOrder(epoch, number));
}
