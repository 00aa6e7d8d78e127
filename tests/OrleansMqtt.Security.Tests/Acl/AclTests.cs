using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Acl;

namespace OrleansMqtt.Security.Tests.Acl;

public sealed class AclTests
{
    private const string List = """
        # anonymous clients
        topic read public/#
        topic deny public/secret/#

        user joe
        topic work/joe/#
        topic read work/+/status
        topic write in box/joe

        pattern readwrite devices/%c/#
        pattern read users/%u/inbox
        """;

    private readonly AclFile _file = AclFile.Parse(List.Split('\n'));

    [Theory]
    [InlineData(null, "c", TopicAction.Publish, "public/x", AuthorizationDecision.Next)]
    [InlineData(null, "c", TopicAction.Receive, "public/x", AuthorizationDecision.Allow)]
    [InlineData(null, "c", TopicAction.Receive, "public/secret/x", AuthorizationDecision.Deny)]
    [InlineData(null, "c", TopicAction.Receive, "work/joe/x", AuthorizationDecision.Next)]
    [InlineData("joe", "c", TopicAction.Publish, "work/joe/x", AuthorizationDecision.Allow)]
    [InlineData("joe", "c", TopicAction.Receive, "work/ann/status", AuthorizationDecision.Allow)]
    [InlineData("joe", "c", TopicAction.Publish, "work/ann/status", AuthorizationDecision.Next)]
    [InlineData("joe", "c", TopicAction.Publish, "in box/joe", AuthorizationDecision.Allow)]
    [InlineData("joe", "c", TopicAction.Receive, "public/x", AuthorizationDecision.Next)]
    [InlineData("joe", "c", TopicAction.Receive, "users/joe/inbox", AuthorizationDecision.Allow)]
    [InlineData("joe", "c", TopicAction.Publish, "devices/c/x", AuthorizationDecision.Allow)]
    [InlineData("joe", "c", TopicAction.Publish, "devices/d/x", AuthorizationDecision.Next)]
    [InlineData(null, "c", TopicAction.Receive, "users//inbox", AuthorizationDecision.Next)]
    public void Topics(string? user, string clientId, TopicAction action, string topic, AuthorizationDecision expected) => Assert.Equal(expected, Decide(user, clientId, action, topic));

    [Theory]
    [InlineData(null, "public/+", AuthorizationDecision.AllowInPart)]
    [InlineData(null, "public/open/#", AuthorizationDecision.Allow)]
    [InlineData(null, "public/secret/x", AuthorizationDecision.Deny)]
    [InlineData(null, "#", AuthorizationDecision.AllowInPart)]
    [InlineData(null, "other/#", AuthorizationDecision.Next)]
    [InlineData("joe", "work/joe/#", AuthorizationDecision.Allow)]
    [InlineData("joe", "work/#", AuthorizationDecision.AllowInPart)]
    [InlineData("joe", "work/+/status", AuthorizationDecision.Allow)]
    [InlineData("joe", "in box/joe", AuthorizationDecision.Next)]
    public void Filters(string? user, string filter, AuthorizationDecision expected) => Assert.Equal(expected, Decide(user, "c", TopicAction.Subscribe, filter));

    /// <summary>A client that calls itself so would have everybody's topics, or somebody else's.</summary>
    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/b")]
    [InlineData("a/#")]
    [InlineData("")]
    [InlineData("a/+/b")]
    public void A_pattern_does_not_hold_for_a_name_that_is_no_level(string name)
    {
        Assert.Equal(AuthorizationDecision.Next, Decide(null, name, TopicAction.Publish, "devices/a/b"));
        Assert.Equal(AuthorizationDecision.Next, Decide(name, "c", TopicAction.Receive, "users/a/inbox"));
        Assert.Equal(AuthorizationDecision.Next, Decide(name, "c", TopicAction.Subscribe, $"users/{(name.Contains('#', StringComparison.Ordinal) ? "+" : name)}/inbox"));
    }

    [Fact]
    public void What_a_name_contains_is_not_a_place_again() =>
        Assert.Equal(AuthorizationDecision.Next, AclFile.Parse(["pattern read x/%u"]).Decide(new AuthorizationRequest("c", new ClientIdentity("%c"), TopicAction.Receive, "x/c")).Decision);

    /// <summary>A name that fits no place would take its bearer out of a denial, and one that begins with '$' into the broker's own topics.</summary>
    [Fact]
    public void What_patterns_refuse_to_clients_under_their_name_they_refuse_to_one_whose_name_is_none()
    {
        var file = AclFile.Parse(["pattern read data/#", "pattern deny data/%c/own", "pattern read %c/#", "pattern read y%c/#"]);

        Assert.Equal(AuthorizationDecision.Deny, Of("a/b", TopicAction.Receive, "data/x/own"));
        Assert.Equal(AuthorizationDecision.Deny, Of("a/b", TopicAction.Subscribe, "data/x/own"));
        Assert.Equal(AuthorizationDecision.AllowInPart, Of("a/b", TopicAction.Subscribe, "data/#"));
        Assert.Equal(AuthorizationDecision.Allow, Of("a+b", TopicAction.Receive, "data"));
        Assert.Equal(AuthorizationDecision.Deny, Of("a/b", TopicAction.Receive, "data/a/b/own"));
        Assert.Equal(AuthorizationDecision.Deny, Of("a/b", TopicAction.Subscribe, "data/+/#"));
        Assert.Equal(AuthorizationDecision.Allow, Of("c", TopicAction.Receive, "data/x/own"));
        Assert.Equal(AuthorizationDecision.Next, Of("$SYS", TopicAction.Receive, "$SYS/broker/uptime"));
        Assert.Equal(AuthorizationDecision.Next, Of("$SYS", TopicAction.Subscribe, "$SYS/#"));
        Assert.Equal(AuthorizationDecision.Allow, Of("$SYS", TopicAction.Receive, "y$SYS/x"));
        Assert.Equal(AuthorizationDecision.Allow, Of("c", TopicAction.Receive, "c/x"));

        AuthorizationDecision Of(string clientId, TopicAction action, string topic) => file.Decide(new AuthorizationRequest(clientId, ClientIdentity.Anonymous, action, topic)).Decision;
    }

    /// <summary>As in mosquitto: patterns are asked about what is left.</summary>
    [Fact]
    public void What_own_rules_allow_no_pattern_refuses()
    {
        var file = AclFile.Parse(["topic read a/#", "pattern deny a/b", "pattern read a/c", "pattern deny d/e", "pattern read d/#"]);

        Assert.Equal(AuthorizationDecision.Allow, Of(TopicAction.Receive, "a/b"));
        Assert.Equal(AuthorizationDecision.Allow, Of(TopicAction.Subscribe, "a/#"));
        Assert.Equal(AuthorizationDecision.Deny, Of(TopicAction.Publish, "a/b"));
        Assert.Equal(AuthorizationDecision.Deny, Of(TopicAction.Receive, "d/e"));
        Assert.Equal(AuthorizationDecision.AllowInPart, Of(TopicAction.Subscribe, "d/#"));

        AuthorizationDecision Of(TopicAction action, string topic) => file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, action, topic)).Decision;
    }

    /// <summary>Where others may allow the whole, the part that is refused must not come with it.</summary>
    [Fact]
    public void A_subscription_of_which_something_is_refused_and_nothing_allowed_is_asked_about_message_by_message() =>
        Assert.Equal(AuthorizationDecision.AllowInPart, AclFile.Parse(["topic deny a/secret"]).Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Subscribe, "a/+")).Decision);

    [Theory]
    [InlineData("write,qos<=1", 0, false, AuthorizationDecision.Allow)]
    [InlineData("write,qos<=1", 2, false, AuthorizationDecision.Next)]
    [InlineData("write,qos>=1", 0, false, AuthorizationDecision.Next)]
    [InlineData("write,qos>=1", 2, true, AuthorizationDecision.Allow)]
    [InlineData("write,qos=1", 1, true, AuthorizationDecision.Allow)]
    [InlineData("write,qos=1", 2, true, AuthorizationDecision.Next)]
    [InlineData("write,retain=no", 0, true, AuthorizationDecision.Next)]
    [InlineData("write,retain=no", 0, false, AuthorizationDecision.Allow)]
    [InlineData("write,retain=yes", 0, false, AuthorizationDecision.Next)]
    [InlineData("write,qos<=1,retain=no", 1, false, AuthorizationDecision.Allow)]
    [InlineData("write,qos<=1,retain=no", 1, true, AuthorizationDecision.Next)]
    [InlineData("deny,retain=yes", 0, true, AuthorizationDecision.Deny)]
    [InlineData("deny,retain=yes", 0, false, AuthorizationDecision.Next)]
    public void Conditions_are_about_publishes(string access, int qos, bool retain, AuthorizationDecision expected)
    {
        var file = AclFile.Parse([$"topic {access} a b/#"]);

        Assert.Equal(expected, file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Publish, "a b/x", (QualityOfService)qos, retain)).Decision);
        Assert.Equal(AuthorizationDecision.Next, file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Subscribe, "a b/x", (QualityOfService)qos, retain)).Decision);
        Assert.Equal(AuthorizationDecision.Next, file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Receive, "a b/x", (QualityOfService)qos, retain)).Decision);
    }

    [Fact]
    public void A_user_may_stand_in_several_places()
    {
        var file = AclFile.Parse(["user a", "topic x", "user b", "topic y", "user a", "topic z"]);

        Assert.Equal(AuthorizationDecision.Allow, file.Decide(new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "x")).Decision);
        Assert.Equal(AuthorizationDecision.Allow, file.Decide(new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "z")).Decision);
        Assert.Equal(AuthorizationDecision.Next, file.Decide(new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "y")).Decision);
    }

    [Theory]
    [InlineData("user", "line 2 is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER")]
    [InlineData("topics a", "line 2 is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER")]
    [InlineData("topic own a", "line 2 allows \"own\"; allowed is read, write, readwrite or deny")]
    [InlineData("topic", "line 2 has no valid topic filter of up to 200 levels")]
    [InlineData("topic a/#/b", "line 2 has no valid topic filter of up to 200 levels")]
    [InlineData("pattern read a#", "line 2 has no valid topic filter of up to 200 levels")]
    [InlineData("topic $share/g/a", "line 2 has no valid topic filter of up to 200 levels")]
    [InlineData("topic read,retain=no a", "line 2 has a condition on \"read\"; conditions are about publishes and stand behind write or deny")]
    [InlineData("topic write,qos<=3 a", "line 2 has the condition \"qos<=3\"; allowed is qos=N, qos<=N or qos>=N with N from 0 to 2, retain=yes or retain=no")]
    [InlineData("topic write, a", "line 2 has the condition \"\"; allowed is qos=N, qos<=N or qos>=N with N from 0 to 2, retain=yes or retain=no")]
    public void A_line_that_is_not_understood_is_named(string line, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => AclFile.Parse(["# a list", line])).Message);

    [Fact]
    public void A_filter_has_a_bounded_number_of_levels()
    {
        var longest = string.Join('/', Enumerable.Repeat("a", 200));
        var file = AclFile.Parse([$"topic {longest}"]);

        Assert.Equal(AuthorizationDecision.Allow, file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Publish, longest)).Decision);
        Assert.Equal(AuthorizationDecision.Next, file.Decide(new AuthorizationRequest("c", ClientIdentity.Anonymous, TopicAction.Publish, longest + "/a")).Decision);
        Assert.Throws<FormatException>(() => AclFile.Parse([$"topic {longest}/a"]));
    }

    private AuthorizationDecision Decide(string? user, string clientId, TopicAction action, string topic) =>
        _file.Decide(new AuthorizationRequest(clientId, new ClientIdentity(user), action, topic)).Decision;
}
