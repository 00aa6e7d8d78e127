using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Security.DryRun;

/// <summary>Finds out whom another policy would take something from. An authorizer that both have is asked once, and only where those before it do not decide.</summary>
/// <param name="before">The policy that holds.</param>
/// <param name="after">The one that is to hold.</param>
public sealed class PolicyComparison(Policy before, Policy after)
{
    /// <summary>What a client would lose; null for nothing. Fails where an authorizer does.</summary>
    public async ValueTask<PolicyEffect?> CompareAsync(ClientActivity client, CancellationToken cancellationToken)
    {
        var (lost, narrowed, publishes) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (filter, qos) in client.Subscriptions)
        {
            var behindGroup = SharedFilter.TryParse(filter, out var shared) ? shared.Filter : filter;
            var (now, then) = await DecideAsync(new AuthorizationRequest(client.ClientId, client.Identity, TopicAction.Subscribe, behindGroup, qos), cancellationToken);
            if (now == AuthorizationDecision.Deny) continue;
            if (then == AuthorizationDecision.Deny) lost.Add(filter);
            else if (now == AuthorizationDecision.Allow && then == AuthorizationDecision.AllowInPart) narrowed.Add(filter);
        }
        foreach (var (topic, qos, retain) in client.Publishes)
        {
            var (now, then) = await DecideAsync(new AuthorizationRequest(client.ClientId, client.Identity, TopicAction.Publish, topic, qos, retain), cancellationToken);
            if (now != AuthorizationDecision.Deny && then == AuthorizationDecision.Deny && !publishes.Contains(topic)) publishes.Add(topic);
        }
        return lost.Count + narrowed.Count + publishes.Count == 0 ? null : new PolicyEffect(client.ClientId, client.Identity.UserName, lost, narrowed, publishes);
    }

    private async ValueTask<(AuthorizationDecision Before, AuthorizationDecision After)> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var asked = new Dictionary<IAuthorizer, AuthorizationDecision>(ReferenceEqualityComparer.Instance);
        return (await WalkAsync(before), await WalkAsync(after));

        async ValueTask<AuthorizationDecision> WalkAsync(Policy policy)
        {
            foreach (var authorizer in policy.Authorizers)
            {
                if (!asked.TryGetValue(authorizer, out var decision)) asked[authorizer] = decision = (await authorizer.AuthorizeAsync(request, cancellationToken)).Decision;
                if (decision != AuthorizationDecision.Next) return decision;
            }
            return policy.AllowsByDefault ? AuthorizationDecision.Allow : AuthorizationDecision.Deny;
        }
    }
}
