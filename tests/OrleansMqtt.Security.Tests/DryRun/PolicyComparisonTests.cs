using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.DryRun;
using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Security.Tests.DryRun;

public sealed class PolicyComparisonTests
{
    private static readonly ClientActivity Joe = new("c1", new ClientIdentity("joe"))
    {
        Subscriptions = [new("a/#", QualityOfService.AtMostOnce), new("$share/g/b/+", QualityOfService.AtLeastOnce), new("c", QualityOfService.AtMostOnce)],
        Publishes = [new("a/x", QualityOfService.AtMostOnce, false), new("a/x", QualityOfService.AtMostOnce, true), new("b/x", QualityOfService.ExactlyOnce, false)],
    };

    private readonly Policy _open = new([], AllowsByDefault: true);

    [Fact]
    public async Task What_a_client_would_lose_is_listed()
    {
        var effect = await CompareAsync(_open, _open.WithAcl(["user joe", "topic read a/b", "topic c", "topic write,retain=no a/x", "topic write,qos<=1 b/x"], allowsByDefault: false));
        Assert.Equal(("c1", "joe"), (effect!.ClientId, effect.UserName));
        Assert.Equal(["$share/g/b/+"], effect.LostSubscriptions);
        Assert.Equal(["a/#"], effect.NarrowedSubscriptions);
        Assert.Equal(["a/x", "b/x"], effect.LostPublishes);
    }

    [Fact]
    public async Task A_client_that_would_lose_nothing_is_not()
    {
        Assert.Null(await CompareAsync(_open, _open.WithAcl(["user joe", "topic #"], allowsByDefault: false)));
        Assert.Null(await CompareAsync(_open.WithAcl([], allowsByDefault: false), _open.WithAcl(["user joe", "topic #"], allowsByDefault: false)));
        Assert.Null(await CompareAsync(_open, _open));
    }

    [Fact]
    public async Task A_list_takes_the_place_of_the_one_before_and_others_keep_theirs()
    {
        var denied = new DeniedAuthorizer(new DeniedTopics(["c"], []));
        var hook = new CountingAuthorizer("http");
        var now = new Policy([denied, hook], AllowsByDefault: false).WithAcl(["user joe", "topic a/#"], allowsByDefault: false);
        Assert.Equal(["denied", "acl", "http"], now.Authorizers.Select(static a => a.Name));
        var then = now.WithAcl(["user joe", "topic a/b"], allowsByDefault: true);
        Assert.Equal(["denied", "acl", "http"], then.Authorizers.Select(static a => a.Name));
        Assert.True(then.AllowsByDefault);

        var effect = await CompareAsync(now, then);
        // The hook allows what the list says nothing of, so what both lists leave to it does not change.
        Assert.Equal(["a/#"], effect!.NarrowedSubscriptions);
        Assert.Empty(effect.LostSubscriptions);
        Assert.Empty(effect.LostPublishes);
        // About a shared filter and three publishes that one of the lists leaves to it, once each.
        Assert.Equal(["b/+", "a/x", "a/x", "b/x"], hook.Asked);
    }

    [Fact]
    public void A_list_that_is_not_understood_is_no_policy() =>
        Assert.Equal("line 2 has no valid topic filter of up to 200 levels", Assert.Throws<FormatException>(() => _open.WithAcl(["user joe", "topic a#"], allowsByDefault: false)).Message);

    private static async Task<PolicyEffect?> CompareAsync(Policy before, Policy after) => await new PolicyComparison(before, after).CompareAsync(Joe, TestContext.Current.CancellationToken);

    private sealed class CountingAuthorizer(string name) : IAuthorizer
    {
        public string Name => name;

        public List<string> Asked { get; } = [];

        public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Topic);
            return new(AuthorizationResult.Allow);
        }
    }
}
