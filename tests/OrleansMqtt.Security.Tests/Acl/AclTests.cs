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
    public void A_pattern_does_not_hold_for_a_name_that_is_no_level(string name)
    {
        Assert.Equal(AuthorizationDecision.Next, Decide(null, name, TopicAction.Publish, "devices/a/b"));
        Assert.Equal(AuthorizationDecision.Next, Decide(name, "c", TopicAction.Receive, "users/a/inbox"));
        Assert.Equal(AuthorizationDecision.Next, Decide(name, "c", TopicAction.Subscribe, $"users/{(name.Contains('#', StringComparison.Ordinal) ? "+" : name)}/inbox"));
    }

    [Fact]
    public void What_a_name_contains_is_not_a_place_again() =>
        Assert.Equal(AuthorizationDecision.Next, AclAuthorizer.Decide(AclFile.Parse(["pattern read x/%u"]), new AuthorizationRequest("c", new ClientIdentity("%c"), TopicAction.Receive, "x/c")).Decision);

    [Fact]
    public void A_user_may_stand_in_several_places()
    {
        var file = AclFile.Parse(["user a", "topic x", "user b", "topic y", "user a", "topic z"]);

        Assert.Equal(AuthorizationDecision.Allow, AclAuthorizer.Decide(file, new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "x")).Decision);
        Assert.Equal(AuthorizationDecision.Allow, AclAuthorizer.Decide(file, new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "z")).Decision);
        Assert.Equal(AuthorizationDecision.Next, AclAuthorizer.Decide(file, new AuthorizationRequest("c", new ClientIdentity("a"), TopicAction.Publish, "y")).Decision);
    }

    [Theory]
    [InlineData("user", "line 2 is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER")]
    [InlineData("topics a", "line 2 is neither user NAME, topic [read|write|readwrite|deny] FILTER nor pattern [read|write|readwrite|deny] FILTER")]
    [InlineData("topic own a", "line 2 allows \"own\"; allowed is read, write, readwrite or deny")]
    [InlineData("topic", "line 2 has no valid topic filter")]
    [InlineData("topic a/#/b", "line 2 has no valid topic filter")]
    [InlineData("pattern read a#", "line 2 has no valid topic filter")]
    public void A_line_that_is_not_understood_is_named(string line, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => AclFile.Parse(["# a list", line])).Message);

    private AuthorizationDecision Decide(string? user, string clientId, TopicAction action, string topic) =>
        AclAuthorizer.Decide(_file, new AuthorizationRequest(clientId, new ClientIdentity(user), action, topic)).Decision;
}
