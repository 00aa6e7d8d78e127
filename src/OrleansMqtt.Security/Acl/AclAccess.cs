using System.Globalization;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Acl;

/// <summary>Reads what a line of an access list allows: a word of mosquitto's, and perhaps conditions behind it: <c>write,qos&lt;=1,retain=no</c>.</summary>
internal static class AclAccess
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not understood.</exception>
    public static TopicRule Parse(string text, int line)
    {
        var parts = text.Split(',');
        var rule = parts[0] switch
        {
            "read" => new TopicRule(TopicActions.Subscribe, Allows: true),
            "write" => new TopicRule(TopicActions.Publish, Allows: true),
            "readwrite" => new TopicRule(TopicActions.All, Allows: true),
            "deny" => new TopicRule(TopicActions.All, Allows: false),
            var other => throw new FormatException($"line {line} allows \"{other}\"; allowed is read, write, readwrite or deny"),
        };
        if (parts.Length == 1) return rule;
        if (parts[0] is not ("write" or "deny")) throw new FormatException($"line {line} has a condition on \"{parts[0]}\"; conditions are about publishes and stand behind write or deny");
        return parts.Skip(1).Aggregate(rule with { Actions = TopicActions.Publish }, (all, condition) => Restrict(all, condition, line));
    }

    private static TopicRule Restrict(TopicRule rule, string condition, int line) => condition switch
    {
        "retain=yes" => rule with { Retain = true },
        "retain=no" => rule with { Retain = false },
        ['q', 'o', 's', '=', var qos] when IsQoS(qos) => rule with { MinimumQoS = QoS(qos), MaximumQoS = QoS(qos) },
        ['q', 'o', 's', '<', '=', var qos] when IsQoS(qos) => rule with { MaximumQoS = QoS(qos) },
        ['q', 'o', 's', '>', '=', var qos] when IsQoS(qos) => rule with { MinimumQoS = QoS(qos) },
        _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line} has the condition \"{condition}\"; allowed is qos=N, qos<=N or qos>=N with N from 0 to 2, retain=yes or retain=no")),
    };

    private static bool IsQoS(char text) => text is >= '0' and <= '2';

    private static QualityOfService QoS(char text) => (QualityOfService)(text - '0');
}
