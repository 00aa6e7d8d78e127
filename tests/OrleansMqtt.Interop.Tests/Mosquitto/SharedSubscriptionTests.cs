using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class SharedSubscriptionTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Theory]
    [InlineData(Versions.V311)]
    [InlineData(Versions.V5)]
    public async Task A_group_receives_each_message_once_between_its_members(string version)
    {
        var work = _names.Topic("work");
        await using var one = await MemberAsync(version, "group", work);
        await using var two = await MemberAsync(version, "group", work);
        var lines = Enumerable.Range(1, 100).Select(n => $"{n}").ToArray();
        await _mosquitto.PublishLinesAsync(version, work, lines, "-q", "1");
        await EndAsync(version, one, two);

        var shares = one.Messages.Concat(two.Messages).Where(message => message != "end");
        Assert.Equal(lines.Order(StringComparer.Ordinal), shares.Order(StringComparer.Ordinal));
        Assert.True(one.Messages.Count > 1 && two.Messages.Count > 1, $"{one.Messages.Count - 1} and {two.Messages.Count - 1} messages");
    }

    [Fact]
    public async Task Two_groups_and_an_ordinary_subscriber_each_receive_everything()
    {
        var work = _names.Topic("work");
        await using var red = await MemberAsync(Versions.V5, "red", work);
        await using var blue = await MemberAsync(Versions.V5, "blue", work);
        await using var plain = await _mosquitto.SubscribeAsync(Versions.V5, "%p", "-t", work, "-t", _names.Topic("end"), "-q", "1");
        var lines = Enumerable.Range(1, 20).Select(n => $"{n}").ToArray();
        await _mosquitto.PublishLinesAsync(Versions.V5, work, lines, "-q", "1");
        await EndAsync(Versions.V5, red, blue, plain);

        Assert.All([red, blue, plain], subscriber => Assert.Equal([.. lines, "end"], subscriber.Messages));
    }

    [Fact]
    public async Task A_group_member_that_leaves_is_no_longer_served()
    {
        var work = _names.Topic("work");
        await using var stays = await MemberAsync(Versions.V5, "group", work);
        await using var leaves = await MemberAsync(Versions.V5, "group", work);
        await leaves.DisconnectAsync();
        var lines = Enumerable.Range(1, 20).Select(n => $"{n}").ToArray();
        await _mosquitto.PublishLinesAsync(Versions.V5, work, lines, "-q", "1");
        await EndAsync(Versions.V5, stays);

        Assert.Equal([.. lines, "end"], stays.Messages);
    }

    [Fact]
    public async Task A_group_receives_no_retained_messages_on_subscribing()
    {
        var work = _names.Topic("work");
        await _mosquitto.PublishAsync(Versions.V5, work, "-r", "-q", "1", "-m", "retained");
        await using var member = await MemberAsync(Versions.V5, "group", work);
        await EndAsync(Versions.V5, member);

        Assert.Equal(["end"], member.Messages);
    }

    /// <summary>A member of a group that also listens to the topic which ends the test.</summary>
    private Task<MosquittoSubscriber> MemberAsync(string version, string group, string filter) =>
        _mosquitto.SubscribeAsync(version, "%p", "-t", $"$share/{_names.Prefix}{group}/{filter}", "-t", _names.Topic("end"), "-q", "1");

    private async Task EndAsync(string version, params MosquittoSubscriber[] subscribers)
    {
        await _mosquitto.PublishAsync(version, _names.Topic("end"), "-q", "1", "-m", "end");
        foreach (var subscriber in subscribers) await subscriber.MessageAsync("end");
    }
}
