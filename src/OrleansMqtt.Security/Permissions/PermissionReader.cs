using System.Text.Json;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Security.Permissions;

/// <summary>
/// Reads permissions out of JSON: <c>{"pub": [filters], "sub": [filters], "all": [filters]}</c>, or a list of <c>{"permission": "allow"|"deny", "action":
/// "publish"|"subscribe"|"all", "topic": filter}</c>, with <c>"topics": [filters]</c> for several, <c>"qos"</c> (0, or a list from 0 up) and <c>"retain": false</c>. What cannot be kept
/// as it stands is refused as a whole: half of a list could allow what the other half forbids.
/// </summary>
/// <param name="clientId">For the places of <see cref="TopicPlaceholders"/>.</param>
/// <param name="userName">Likewise; null for none.</param>
internal sealed class PermissionReader(string clientId, string? userName)
{
    private readonly List<TopicPermission> _permissions = [];

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">They are not understood. The message has nothing that stands in them.</exception>
    public static IReadOnlyList<TopicPermission> Read(JsonElement json, string clientId, string? userName)
    {
        var reader = new PermissionReader(clientId, userName);
        if (json.ValueKind == JsonValueKind.Object) reader.ReadLists(json);
        else if (json.ValueKind == JsonValueKind.Array) reader.ReadRules(json);
        else throw new FormatException("permissions are neither lists of topics nor a list of rules");
        return reader._permissions;
    }

    private void ReadLists(JsonElement json)
    {
        foreach (var list in json.EnumerateObject())
        {
            var actions = list.Name switch
            {
                "pub" => TopicActions.Publish,
                "sub" => TopicActions.Subscribe,
                "all" => TopicActions.All,
                _ => throw new FormatException("a list of permissions is neither pub, sub nor all"),
            };
            foreach (var filter in Filters(list.Value)) Add(new TopicPermission(actions, filter));
        }
    }

    private void ReadRules(JsonElement json)
    {
        foreach (var rule in json.EnumerateArray())
        {
            if (rule.ValueKind != JsonValueKind.Object) throw new FormatException("a permission is no object");
            ReadRule(rule);
        }
    }

    private void ReadRule(JsonElement rule)
    {
        var (template, filters) = (new TopicPermission(TopicActions.All, ""), new List<string>());
        var (hasPermission, hasAction) = (false, false);
        foreach (var (name, value) in rule.EnumerateObject().Select(static p => (p.Name, p.Value)))
        {
            switch (name)
            {
                case "permission":
                    (template, hasPermission) = (template with { Allows = Text(value) switch { "allow" => true, "deny" => false, _ => throw new FormatException("a permission is neither allow nor deny") } }, true);
                    break;
                case "action":
                    (template, hasAction) = (template with { Actions = ActionsOf(Text(value)) }, true);
                    break;
                case "topic":
                    filters.Add(Text(value));
                    break;
                case "topics":
                    filters.AddRange(Filters(value));
                    break;
                case "qos":
                    template = template with { MaximumQoS = HighestOf(value) };
                    break;
                case "retain":
                    template = template with { Retain = value.ValueKind == JsonValueKind.False ? false : throw new FormatException("the retain of a permission is not false") };
                    break;
                default:
                    throw new FormatException("a permission has a condition that is not known");
            }
        }
        if (!hasPermission || !hasAction || filters.Count == 0) throw new FormatException("a permission has no permission, action or topic");
        foreach (var filter in filters) Add(template with { Filter = filter });
    }

    private void Add(TopicPermission permission)
    {
        // A filter that is literally this one, wildcards and all: there is no such permission here.
        if (permission.Filter.StartsWith("eq ", StringComparison.Ordinal)) throw new FormatException("a permission is about a topic with eq");
        if (TopicPlaceholders.Fill(permission.Filter, clientId, userName) is not { } filter)
        {
            // The topics of nobody are allowed to nobody; but what should be refused must not be lost.
            if (permission.Allows) return;
            throw new FormatException("a permission that refuses has a place for a name that the client has not, or that is no level of a topic");
        }
        if (!TopicFilter.IsValid(filter)) throw new FormatException("a permission is about no valid topic filter");
        _permissions.Add(permission with { Filter = filter });
    }

    private static TopicActions ActionsOf(string text) => text switch
    {
        "publish" or "pub" => TopicActions.Publish,
        "subscribe" or "sub" => TopicActions.Subscribe,
        "all" or "pubsub" => TopicActions.All,
        _ => throw new FormatException("the action of a permission is neither publish, subscribe nor all"),
    };

    // Only what begins with 0 is a highest quality of service.
    private static QualityOfService HighestOf(JsonElement value)
    {
        var levels = (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().AsEnumerable() : [value])
            .Select(static level => level.ValueKind == JsonValueKind.Number && level.TryGetInt32(out var number) ? number : -1).Distinct().Order().ToArray();
        return levels is [0] or [0, 1] or [0, 1, 2] ? (QualityOfService)levels[^1] : throw new FormatException("the qos of a permission is not 0 or a list from 0 up");
    }

    private static IEnumerable<string> Filters(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(Text) : throw new FormatException("topics of permissions are no list");

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException("a part of a permission is no text");
}
