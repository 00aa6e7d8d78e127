using System.Text;
using OrleansMqtt.Hosting.Gateways.Configuration;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Redis:Channels` section: topics that are Redis channels too.</summary>
internal static class RedisChannelSettings
{
    private const string Section = "Redis:Channels";
    private const string ServerKey = $"{Section}:Server", PublishKey = $"{Section}:Publish", SubscribeKey = $"{Section}:Subscribe";

    /// <summary>Reads it; null where no topics are named.</summary>
    public static RedisChannelOptions? Read(SettingsReader reader, ClusterSettings cluster, StoreSettings store)
    {
        var server = reader.Get(ServerKey);
        var publish = TopicList.Read(reader, PublishKey, "a topic filter that is not shared", IsFilter) ?? [];
        var subscribe = TopicList.Read(reader, SubscribeKey, "a topic filter that does not begin with $, as those topics are the broker's own", static text => IsFilter(text) && text[0] != '$') ?? [];
        var qos = reader.Get($"{Section}:QoS").Whole((byte)0, (byte)2, (byte)0);
        if (publish.Count + subscribe.Count == 0) return null;
        if ((server.Text is { Length: > 0 } own ? new RedisServer(own, ServerKey) : store.Redis) is not { } redis)
        {
            reader.Report($"{ServerKey} is empty, and neither {ClusterSettings.RedisKey} nor {StoreSettings.OwnRedisKey} names a server; allowed is a StackExchange.Redis connection string, or to leave {PublishKey} and {SubscribeKey} out.");
            return null;
        }
        var options = new RedisChannelOptions { ConnectionString = redis.ConnectionString, SettingName = redis.Key, ClusterId = cluster.Id, Publish = publish, Subscribe = subscribe, QoS = (QualityOfService)qos };
        if (options.FindProblem() is { } problem) reader.Report(problem);
        return options;
    }

    private static bool IsFilter(string text) => TopicFilter.IsValid(text) && !SharedFilter.IsShared(Encoding.UTF8.GetBytes(text));
}
