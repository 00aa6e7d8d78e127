using System.Text;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>
/// How a cluster knows its own messages, which carry nothing but topic and payload, when they come back. Each batch that it publishes is one script, before and behind which the script publishes on a channel of
/// the cluster's own: first the number of messages, then nothing.
/// </summary>
/// <remarks>
/// Redis runs nothing else while a script runs, and writes to each connection in the order in which it executes, whether by SUBSCRIBE or by PSUBSCRIBE. So on a subscriber's connection exactly the cluster's own messages
/// stand between the two, whichever silo has published them.
/// </remarks>
internal static class ChannelMarker
{
    /// <summary>The script. Arguments: the marker's channel, then channel and payload of each message. Answers how many messages were refused, and why the last one was.</summary>
    // By pcall: a channel that the user may not publish on must not leave out the second marker.
    public const string Script = """
        local function publish(channel, payload)
          local answer = redis.pcall('PUBLISH', channel, payload)
          if type(answer) == 'table' and answer.err then return answer end
        end
        local refusal = publish(ARGV[1], tostring((#ARGV - 1) / 2))
        if refusal then return refusal end
        local refused, why = 0, ''
        for i = 2, #ARGV, 2 do
          refusal = publish(ARGV[i], ARGV[i + 1])
          if refusal then refused, why = refused + 1, refusal.err end
        end
        publish(ARGV[1], '')
        return {refused, why}
        """;

    /// <summary>The channel of a cluster. No topic filter of a subscription matches it, as it begins with <c>$</c>.</summary>
    public static byte[] ChannelOf(string clusterId) => Encoding.UTF8.GetBytes($"$orleansmqtt/own/{clusterId}");
}
