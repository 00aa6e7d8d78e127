using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Security.Tests.Lists;

public sealed class AllowedTests
{
    private readonly AllowedAuthorizer _authorizer = new(new Dictionary<string, AllowedTopics>
    {
        ["joe"] = new() { Publish = ["joe/#", "all"], Subscribe = ["news/+", "joe/#"] },
        ["mute"] = new() { Publish = [], Subscribe = ["#"] },
        ["writer"] = new() { Publish = ["#"] },
        [AllowedTopics.Anonymous] = new() { Publish = [], Subscribe = ["news/world"] },
    });

    [Theory]
    [InlineData("joe", TopicAction.Publish, "joe/x", AuthorizationDecision.Allow)]
    [InlineData("joe", TopicAction.Publish, "news/x", AuthorizationDecision.Deny)]
    [InlineData("joe", TopicAction.Receive, "news/x", AuthorizationDecision.Allow)]
    [InlineData("joe", TopicAction.Receive, "all", AuthorizationDecision.Deny)]
    [InlineData("joe", TopicAction.Subscribe, "news/+", AuthorizationDecision.Allow)]
    [InlineData("joe", TopicAction.Subscribe, "news/#", AuthorizationDecision.AllowInPart)]
    [InlineData("joe", TopicAction.Subscribe, "other", AuthorizationDecision.Deny)]
    [InlineData("mute", TopicAction.Publish, "x", AuthorizationDecision.Deny)]
    [InlineData("mute", TopicAction.Subscribe, "x/#", AuthorizationDecision.Allow)]
    [InlineData("writer", TopicAction.Publish, "x", AuthorizationDecision.Allow)]
    [InlineData("writer", TopicAction.Publish, "$SYS/x", AuthorizationDecision.Deny)]
    [InlineData("writer", TopicAction.Subscribe, "x", AuthorizationDecision.Next)]
    [InlineData("ann", TopicAction.Publish, "x", AuthorizationDecision.Next)]
    [InlineData("Joe", TopicAction.Publish, "joe/x", AuthorizationDecision.Next)]
    [InlineData(null, TopicAction.Publish, "x", AuthorizationDecision.Deny)]
    [InlineData(null, TopicAction.Receive, "news/world", AuthorizationDecision.Allow)]
    [InlineData("anonymous", TopicAction.Receive, "news/world", AuthorizationDecision.Next)]
    public async Task A_user_may_do_what_is_listed_and_nothing_else(string? user, TopicAction action, string topic, AuthorizationDecision expected)
    {
        var request = new AuthorizationRequest("c", new ClientIdentity(user), action, topic);
        Assert.Equal(expected, (await _authorizer.AuthorizeAsync(request, TestContext.Current.CancellationToken)).Decision);
        if (action == TopicAction.Receive) Assert.Equal(expected, _authorizer.MayReceive(request).Decision);
    }
}
