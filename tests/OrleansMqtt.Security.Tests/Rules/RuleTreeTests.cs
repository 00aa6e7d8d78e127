using System.Text;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Tests.Rules;

public sealed class RuleTreeTests
{
    private static readonly string[] Levels = ["a", "b", "", "$s", "%c", "x%u", "%u-%c", "n", "xu", "u-n", "+", "+"];

    /// <summary>Against the definition, rule by rule.</summary>
    [Fact]
    public void A_tree_finds_what_its_rules_say_one_by_one()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var rules = Enumerable.Range(0, random.Next(1, 7)).Select(_ => (Filter: RandomFilter(random), Rule: new TopicRule((TopicActions)random.Next(1, 4), random.Next(3) > 0))).ToList();
            var tree = new RuleTree();
            foreach (var (filter, rule) in rules) tree.Add(filter, rule, hasPlaces: true);
            var action = (TopicAction)random.Next(3);
            var wanted = action == TopicAction.Subscribe ? RandomFilter(random) : RandomTopic(random);
            var request = new AuthorizationRequest("n", new ClientIdentity(random.Next(4) == 0 ? null : "u"), action, wanted);
            var expected = Expected(rules, request);
            var found = tree.Find(request);
            Assert.True(expected == found, $"seed {seed}, round {round}: {action} {wanted} by {request.Identity.UserName}, {string.Join(" | ", rules)}: expected {expected}, found {found}");
        }
    }

    [Fact]
    public void A_filter_that_ends_with_everything_sees_all_rules_below()
    {
        var tree = new RuleTree();
        tree.Add("a/b/c", new TopicRule(TopicActions.Subscribe, Allows: true));
        tree.Add("a/+/d", new TopicRule(TopicActions.Subscribe, Allows: false));

        Assert.Equal(RuleFindings.AllowsSome | RuleFindings.DeniesSome, Find("a/#"));
        Assert.Equal(RuleFindings.AllowsSome, Find("a/b/c/#"));
        Assert.Equal(RuleFindings.AllowsAll, Find("a/b/c"));
        Assert.Equal(RuleFindings.DeniesAll, Find("a/+/d"));
        Assert.Equal(RuleFindings.DeniesAll, Find("a/x/d"));
        Assert.Equal(RuleFindings.None, Find("a"));

        RuleFindings Find(string filter) => tree.Find(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Subscribe, filter));
    }

    [Fact]
    public void Percent_signs_are_places_in_patterns_alone()
    {
        var tree = new RuleTree();
        tree.Add("%c", new TopicRule(TopicActions.All, Allows: true));
        tree.Add("100%/%x/%", new TopicRule(TopicActions.All, Allows: true), hasPlaces: true);

        Assert.Equal(RuleFindings.AllowsAll, Find("%c"));
        Assert.Equal(RuleFindings.None, Find("c"));
        Assert.Equal(RuleFindings.AllowsAll, Find("100%/%x/%"));

        RuleFindings Find(string topic) => tree.Find(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Publish, topic));
    }

    private static RuleFindings Expected(List<(string Filter, TopicRule Rule)> rules, AuthorizationRequest request)
    {
        var findings = RuleFindings.None;
        foreach (var (text, rule) in rules)
        {
            if (!rule.IsAbout(request) || (request.Identity.UserName is null && text.Contains("%u", StringComparison.Ordinal))) continue;
            var filter = text.Replace("%c", "n", StringComparison.Ordinal).Replace("%u", request.Identity.UserName, StringComparison.Ordinal);
            var (all, some) = request.Action == TopicAction.Subscribe
                ? (FilterModel.Covers(filter, request.Topic), FilterModel.Overlap(filter, request.Topic))
                : (TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(request.Topic)), false);
            if (all) findings |= rule.Allows ? RuleFindings.AllowsAll : RuleFindings.DeniesAll;
            else if (some) findings |= rule.Allows ? RuleFindings.AllowsSome : RuleFindings.DeniesSome;
        }
        return findings;
    }

    private static string RandomFilter(Random random)
    {
        var levels = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Levels[random.Next(Levels.Length)]).ToList();
        if (random.Next(4) == 0) levels[^1] = "#";
        var filter = string.Join('/', levels);
        return filter.Length == 0 ? "+" : filter;
    }

    // Places are filled: in what is asked about they are plain text.
    private static string RandomTopic(Random random)
    {
        var topic = RandomFilter(random).Replace("%c", "n", StringComparison.Ordinal).Replace("%u", "u", StringComparison.Ordinal).Replace('+', 'a').Replace('#', 'b');
        return topic;
    }
}
