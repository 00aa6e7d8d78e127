using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Security.Tests.Lists;

public sealed class DeniedTests
{
    private readonly DeniedAuthorizer _authorizer = new(new DeniedTopics(["secret/#", "+/own"], ["admin"]));

    [Theory]
    [InlineData("joe", TopicAction.Publish, "secret/x", AuthorizationDecision.Deny)]
    [InlineData(null, TopicAction.Receive, "secret", AuthorizationDecision.Deny)]
    [InlineData(null, TopicAction.Receive, "a/own", AuthorizationDecision.Deny)]
    [InlineData("joe", TopicAction.Subscribe, "secret/+", AuthorizationDecision.Deny)]
    [InlineData("joe", TopicAction.Subscribe, "#", AuthorizationDecision.AllowInPart)]
    [InlineData("joe", TopicAction.Subscribe, "a/b", AuthorizationDecision.Next)]
    [InlineData("joe", TopicAction.Publish, "a/b", AuthorizationDecision.Next)]
    [InlineData("admin", TopicAction.Publish, "secret/x", AuthorizationDecision.Next)]
    [InlineData("admin", TopicAction.Subscribe, "secret/#", AuthorizationDecision.Next)]
    [InlineData("Admin", TopicAction.Publish, "secret/x", AuthorizationDecision.Deny)]
    public async Task Nobody_but_those_who_are_exempt_may_do_it(string? user, TopicAction action, string topic, AuthorizationDecision expected)
    {
        var request = new AuthorizationRequest("c", new ClientIdentity(user), action, topic);
        Assert.Equal(expected, (await _authorizer.AuthorizeAsync(request, TestContext.Current.CancellationToken)).Decision);
        if (action == TopicAction.Receive) Assert.Equal(expected, _authorizer.MayReceive(request).Decision);
    }
}
