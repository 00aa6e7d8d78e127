using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Identities;

namespace OrleansMqtt.Security.Tests.Identities;

public sealed class IdentityAuthorizerTests
{
    private static readonly TopicPermission Own = new(TopicActions.All, "own/#"), News = new(TopicActions.Subscribe, "news/+"), Secret = new(TopicActions.All, "own/secret") { Allows = false };
    private static readonly TopicPermission Modest = new(TopicActions.Publish, "small/#") { MaximumQoS = QualityOfService.AtLeastOnce, Retain = false };
    private readonly IdentityAuthorizer _authorizer = new();

    [Theory]
    [InlineData(TopicAction.Publish, "own/x", AuthorizationDecision.Allow)]
    [InlineData(TopicAction.Publish, "own/secret", AuthorizationDecision.Deny)]
    [InlineData(TopicAction.Publish, "news/x", AuthorizationDecision.Deny)]
    [InlineData(TopicAction.Receive, "news/x", AuthorizationDecision.Allow)]
    [InlineData(TopicAction.Subscribe, "own/#", AuthorizationDecision.AllowInPart)]
    [InlineData(TopicAction.Subscribe, "news/+", AuthorizationDecision.Allow)]
    [InlineData(TopicAction.Subscribe, "other", AuthorizationDecision.Deny)]
    public void What_the_proof_allows_is_allowed_and_nothing_else(TopicAction action, string topic, AuthorizationDecision expected) => Assert.Equal(expected, Decide([Own, News, Secret], action, topic));

    [Theory]
    [InlineData(1, false, AuthorizationDecision.Allow)]
    [InlineData(2, false, AuthorizationDecision.Deny)]
    [InlineData(1, true, AuthorizationDecision.Deny)]
    public void A_permission_may_be_about_some_publishes(int qos, bool retain, AuthorizationDecision expected) =>
        Assert.Equal(expected, _authorizer.MayReceive(new AuthorizationRequest("c", With([Modest]), TopicAction.Publish, "small/x", (QualityOfService)qos, retain)).Decision);

    [Fact]
    public void A_proof_that_says_nothing_leaves_it_to_others_and_one_that_lists_nothing_allows_nothing()
    {
        Assert.Equal(AuthorizationDecision.Next, Decide(null, TopicAction.Publish, "own/x"));
        Assert.Equal(AuthorizationDecision.Deny, Decide([], TopicAction.Publish, "own/x"));
    }

    [Fact]
    public void A_proof_that_only_refuses_leaves_the_rest_to_others()
    {
        Assert.Equal(AuthorizationDecision.Deny, Decide([Secret], TopicAction.Publish, "own/secret"));
        Assert.Equal(AuthorizationDecision.Next, Decide([Secret], TopicAction.Publish, "own/x"));
        Assert.Equal(AuthorizationDecision.AllowInPart, Decide([Secret], TopicAction.Subscribe, "own/+"));
    }

    [Fact]
    public void A_list_that_is_not_understood_refuses_everything() => Assert.Equal(AuthorizationDecision.Deny, Decide([Own, Secret with { Filter = "own/#/x" }], TopicAction.Publish, "own/x"));

    private static ClientIdentity With(IReadOnlyList<TopicPermission>? permissions) => new("joe") { Permissions = permissions };

    private AuthorizationDecision Decide(IReadOnlyList<TopicPermission>? permissions, TopicAction action, string topic) =>
        _authorizer.MayReceive(new AuthorizationRequest("c", With(permissions), action, topic)).Decision;
}
