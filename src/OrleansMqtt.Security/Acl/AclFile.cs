using System.Collections.Frozen;

namespace OrleansMqtt.Security.Acl;

/// <summary>
/// An access list in the format of mosquitto's <c>acl_file</c>: <c>topic [read|write|readwrite|deny] FILTER</c> for anonymous clients, or behind <c>user NAME</c> for that user;
/// <c>pattern [access] FILTER</c> with <c>%c</c> and <c>%u</c> for all clients. Lines that begin with <c>#</c> are passed over. Immutable.
/// </summary>
internal sealed class AclFile
{
    private readonly AclRule[] _anonymous;
    private readonly FrozenDictionary<string, AclRule[]> _users;
    private readonly AclPattern[] _patterns;

    private AclFile(AclRule[] anonymous, FrozenDictionary<string, AclRule[]> users, AclPattern[] patterns) => (_anonymous, _users, _patterns) = (anonymous, users, patterns);

    /// <summary>The rules that hold for a client.</summary>
    public IEnumerable<AclRule> RulesOf(string clientId, string? userName)
    {
        IEnumerable<AclRule> own = userName is null ? _anonymous : _users.GetValueOrDefault(userName) ?? [];
        return own.Concat(_patterns.Select(pattern => pattern.For(clientId, userName)).OfType<AclRule>());
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">A line is not understood: the message says which.</exception>
    public static AclFile Parse(IEnumerable<string> lines)
    {
        var (anonymous, users, patterns) = (new List<AclRule>(), new Dictionary<string, List<AclRule>>(), new List<AclPattern>());
        var (current, number) = (anonymous, 0);
        foreach (var raw in lines)
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var (keyword, rest) = Split(line);
            switch (keyword)
            {
                case "user" when rest.Length > 0:
                    if (!users.TryGetValue(rest, out current!)) users[rest] = current = [];
                    break;
                case "topic":
                    var (access, filter) = ReadRule(rest, number);
                    current.Add(new AclRule(access, System.Text.Encoding.UTF8.GetBytes(filter)));
                    break;
                case "pattern":
                    var (patternAccess, text) = ReadRule(rest, number);
                    patterns.Add(new AclPattern(patternAccess, text));
                    break;
                default:
                    throw new FormatException($"line {number} is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER");
            }
        }
        return new AclFile([.. anonymous], users.ToFrozenDictionary(static u => u.Key, static u => u.Value.ToArray()), [.. patterns]);
    }

    // As mosquitto: a filter may have spaces if an access stands before it.
    private static (AclAccess Access, string Filter) ReadRule(string text, int number)
    {
        var (word, rest) = Split(text);
        var (access, filter) = rest.Length == 0 ? (AclAccess.ReadWrite, word) : (ReadAccess(word, number), rest);
        return Protocol.Topics.TopicFilter.IsValid(filter) ? (access, filter) : throw new FormatException($"line {number} has no valid topic filter");
    }

    private static AclAccess ReadAccess(string word, int number) => word switch
    {
        "read" => AclAccess.Read,
        "write" => AclAccess.Write,
        "readwrite" => AclAccess.ReadWrite,
        "deny" => AclAccess.Deny,
        _ => throw new FormatException($"line {number} allows \"{word}\"; allowed is read, write, readwrite or deny"),
    };

    private static (string Word, string Others) Split(string text)
    {
        var space = text.AsSpan().IndexOfAny(' ', '\t');
        return space < 0 ? (text, "") : (text[..space], text[space..].Trim());
    }
}
