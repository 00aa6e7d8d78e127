using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ServerTopicAliasTests
{
    [Fact]
    public void An_alias_is_resolved_before_the_owner_sees_the_message()
    {
        var harness = ServerHarness.Connected(new ServerConnectionOptions { TopicAliasMaximum = 2 });
        Assert.Null(harness.Receive(Alias("long/topic", 1), Alias("", 1), Alias("other", 2), Alias("", 2), Alias("third", 1), Alias("", 1)));

        Assert.Equal(["PUBLISH long/topic ", "PUBLISH long/topic ", "PUBLISH other ", "PUBLISH other ", "PUBLISH third ", "PUBLISH third "], harness.Told);
    }

    [Theory]
    [InlineData(2, "", 2, ReasonCode.ProtocolError)]
    [InlineData(2, "t", 3, ReasonCode.TopicAliasInvalid)]
    [InlineData(2, "", 3, ReasonCode.TopicAliasInvalid)]
    [InlineData(0, "t", 1, ReasonCode.TopicAliasInvalid)]
    public void An_alias_that_is_not_set_or_over_the_maximum_ends_the_connection(ushort maximum, string topic, ushort alias, ReasonCode reason)
    {
        var harness = ServerHarness.Connected(new ServerConnectionOptions { TopicAliasMaximum = maximum });

        Assert.Equal(reason, harness.Receive(Alias(topic, alias))?.Reason);
        Assert.Empty(harness.Told);
    }

    private static PublishPacket Alias(string topic, ushort alias) => new() { Topic = topic, TopicAlias = alias };
}
