using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Hosting.Tests.Configuration;

/// <summary>Topics that are Redis channels too.</summary>
public sealed class RedisChannelSettingsTests
{
    private const string Server = "--Redis:Channels:Server=redis.example,password=s3cret";

    [Fact]
    public void Unless_topics_are_named_there_are_none() => Assert.Null(Reading.Of(Server, "--Redis:Channels:QoS=1").Accepted().Channels);

    [Fact]
    public void Everything_is_taken_as_set()
    {
        var channels = Reading.Of(
            Server, "--Cluster:Id=plant", "--Redis:Channels:Publish:0=a/#", "--Redis:Channels:Publish:1=$dead-letter/#", "--Redis:Channels:Subscribe:0=b/+", "--Redis:Channels:QoS=2").Accepted().Channels!;
        Assert.Equal(("redis.example,password=s3cret", "Redis:Channels:Server", "plant", QualityOfService.ExactlyOnce), (channels.ConnectionString, channels.SettingName, channels.ClusterId, channels.QoS));
        Assert.Equal(["a/#", "$dead-letter/#"], channels.Publish);
        Assert.Equal(["b/+"], channels.Subscribe);
    }

    [Theory]
    [InlineData("Cluster:Redis")]
    [InlineData("Store:Redis")]
    public void The_server_is_that_of_cluster_or_store(string key)
    {
        var channels = Reading.Of($"--{key}=redis.example", "--Redis:Channels:Subscribe:0=b").Accepted().Channels!;
        Assert.Equal(("redis.example", key, QualityOfService.AtMostOnce), (channels.ConnectionString, channels.SettingName, channels.QoS));
    }

    [Theory]
    [InlineData("Publish:0=a/#/b", "Redis:Channels:Publish:0 is \"a/#/b\"; allowed is a topic filter that is not shared.")]
    [InlineData("Publish:0=$share/g/a", "Redis:Channels:Publish:0 is \"$share/g/a\"; allowed is a topic filter that is not shared.")]
    [InlineData("Publish=a", "Redis:Channels:Publish is \"a\"; allowed is a list, the first member as Redis:Channels:Publish:0, or nothing for an empty one.")]
    [InlineData("Subscribe:0=$SYS/#", "Redis:Channels:Subscribe:0 is \"$SYS/#\"; allowed is a topic filter that does not begin with $, as those topics are the broker's own.")]
    [InlineData("Subscribe:0=", "Redis:Channels:Subscribe:0 is \"\"; allowed is a topic filter that does not begin with $, as those topics are the broker's own.")]
    [InlineData("QoS=3", "Redis:Channels:QoS is \"3\"; allowed is a whole number from 0 to 2.")]
    [InlineData("Retain=true", "Redis:Channels:Retain is not a known key; the nearest one is Redis:Channels:Server.")]
    public void What_is_not_allowed_is_refused(string setting, string sentence) => Assert.Equal(sentence, Reading.Of(Server, $"--Redis:Channels:{setting}").Problem);

    [Fact]
    public void There_has_to_be_a_server() => Assert.Equal(
        "Redis:Channels:Server is empty, and neither Cluster:Redis nor Store:Redis names a server; allowed is a StackExchange.Redis connection string, or to leave Redis:Channels:Publish and Redis:Channels:Subscribe out.",
        Reading.Of("--Redis:Channels:Publish:0=a").Problem);

    [Fact]
    public void What_is_no_connection_string_is_refused_without_its_password() => Assert.Equal(
        "Redis:Channels:Server is not a StackExchange.Redis connection string: Keyword 'nonsense' is not supported",
        Reading.Of("--Redis:Channels:Server=redis.example,password=s3cret,nonsense=1", "--Redis:Channels:Publish:0=a").Problem);
}
