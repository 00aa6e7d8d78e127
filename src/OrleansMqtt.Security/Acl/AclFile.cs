using System.Collections.Frozen;
using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Acl;

/// <summary>
/// An access list in the format of mosquitto's <c>acl_file</c>: <c>topic [read|write|readwrite|deny] FILTER</c> for anonymous clients, or behind <c>user NAME</c> for that user;
/// <c>pattern [access] FILTER</c> with <c>%c</c> and <c>%u</c> for all clients. Lines that begin with <c>#</c> are passed over. An extension, which mosquitto refuses: behind
/// <c>write</c> or <c>deny</c> may stand conditions on publishes, as in <c>write,qos&lt;=1,retain=no</c>. Immutable.
/// </summary>
internal sealed class AclFile
{
    private readonly RuleTree _anonymous, _patterns;
    private readonly FrozenDictionary<string, RuleTree> _users;

    private AclFile(RuleTree anonymous, FrozenDictionary<string, RuleTree> users, RuleTree patterns) => (_anonymous, _users, _patterns) = (anonymous, users, patterns);

    /// <summary>Decides. As in mosquitto, patterns are asked about what the client's own rules do not speak of, and in each of the two a denial goes before what is allowed.</summary>
    public AuthorizationResult Decide(in AuthorizationRequest request)
    {
        var own = request.Identity.UserName is { } user ? _users.GetValueOrDefault(user, RuleTree.Empty) : _anonymous;
        return RuleDecision.Of(own.Find(request), _patterns.Find(request));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">A line is not understood: the message says which.</exception>
    public static AclFile Load(string path) => Parse(File.ReadLines(path));

    /// <summary>Reads lines.</summary>
    /// <exception cref="FormatException">A line is not understood: the message says which.</exception>
    public static AclFile Parse(IEnumerable<string> lines)
    {
        var (anonymous, users, patterns) = (new RuleTree(), new Dictionary<string, RuleTree>(), new RuleTree());
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
                    if (!users.TryGetValue(rest, out current!)) users[rest] = current = new RuleTree();
                    break;
                case "topic":
                    AddRule(current, rest, number, hasPlaces: false);
                    break;
                case "pattern":
                    AddRule(patterns, rest, number, hasPlaces: true);
                    break;
                default:
                    throw new FormatException($"line {number} is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER");
            }
        }
        return new AclFile(anonymous, users.ToFrozenDictionary(), patterns);
    }

    // As mosquitto: a filter may have spaces if an access stands before it.
    private static void AddRule(RuleTree tree, string text, int number, bool hasPlaces)
    {
        var (word, rest) = Split(text);
        var (access, filter) = rest.Length == 0 ? ("readwrite", word) : (word, rest);
        var rule = AclAccess.Parse(access, number);
        if (!RuleTree.IsFilter(filter)) throw new FormatException($"line {number} has no valid topic filter of up to {RuleTree.MaximumLevels} levels");
        tree.Add(filter, rule, hasPlaces);
    }

    private static (string Word, string Others) Split(string text)
    {
        var space = text.AsSpan().IndexOfAny(' ', '\t');
        return space < 0 ? (text, "") : (text[..space], text[space..].Trim());
    }
}
