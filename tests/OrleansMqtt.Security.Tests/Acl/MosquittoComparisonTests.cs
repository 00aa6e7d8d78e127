using OrleansMqtt.Security.Acl;
using OrleansMqtt.Tests.Acl;

namespace OrleansMqtt.Security.Tests.Acl;

/// <summary>The same list, clients and topics as a real mosquitto.</summary>
public sealed class MosquittoComparisonTests
{
    [Fact]
    public async Task A_list_means_what_it_means_to_mosquitto()
    {
        await using var broker = await MosquittoBroker.StartAsync(AclTable.File);
        var theirs = await new AclProbe(broker.Port, password: null).RunAsync();
        var file = AclFile.Parse(AclTable.File.Split('\n'));

        var differences = new List<string>();
        foreach (var answer in Answers())
        {
            var expected = AclTable.IsAllowedHereAlone(answer.Client, answer.Write, answer.Topic) || (theirs.Contains(answer) && !AclTable.IsRefusedHereAlone(answer.Client, answer.Topic));
            var here = Decide(file, answer, answer.Write ? TopicAction.Publish : TopicAction.Receive) == AuthorizationDecision.Allow;
            if (here != expected) differences.Add($"{answer}: mosquitto {theirs.Contains(answer)}, here {here}");
            // A filter without wildcards is subscribed to with the right to read the topic.
            if (!answer.Write && here != (Decide(file, answer, TopicAction.Subscribe) == AuthorizationDecision.Allow)) differences.Add($"{answer}: its subscription is decided otherwise");
        }
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
        // A table of which nothing is allowed, or nothing refused, would compare nothing.
        Assert.InRange(theirs.Count, 60, Answers().Count() - 60);
    }

    /// <summary>Mosquitto lets everybody subscribe to everything; here what could bring nothing is refused, so that the client knows.</summary>
    [Fact]
    public void A_subscription_is_refused_where_it_could_bring_nothing()
    {
        var file = AclFile.Parse(AclTable.File.Split('\n'));
        foreach (var client in AclTable.Clients)
        {
            Assert.Equal(AuthorizationDecision.AllowInPart, Decide(file, new AclAnswer(client, false, "#"), TopicAction.Subscribe));
            Assert.Equal(AuthorizationDecision.Next, Decide(file, new AclAnswer(client, false, "nothing/+"), TopicAction.Subscribe));
        }
    }

    private static IEnumerable<AclAnswer> Answers() =>
        from client in AclTable.Clients from topic in AclTable.Topics from writes in Enumerable.Range(0, 2) select new AclAnswer(client, writes == 1, topic);

    private static AuthorizationDecision Decide(AclFile file, AclAnswer answer, TopicAction action) =>
        file.Decide(new AuthorizationRequest(answer.Client.Id, new ClientIdentity(answer.Client.User), action, answer.Topic)).Decision;
}
