using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[Collection(MosquittoCollection.Name)]
public sealed class SessionTests(BrokerFixture broker)
{
    private readonly MosquittoClients _mosquitto = new(broker);
    private readonly Names _names = new();

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_persistent_session_receives_in_order_what_it_missed(string version)
    {
        var (client, topic) = (_names.Client("away"), _names.Topic("queue"));
        await _mosquitto.LeaveSessionAsync(version, client, [.. Expiry(version), "-q", "2", "-t", topic]);
        var lines = Enumerable.Range(1, 50).Select(n => $"{n}").ToArray();
        await _mosquitto.PublishLinesAsync(version, topic, lines, "-q", "2");
        await using var back = _mosquitto.Resume(version, client, [.. Expiry(version), "-q", "2", "-t", topic, "-C", "50"]);

        Assert.Equal(lines, await back.AllMessagesAsync());
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_clean_start_discards_the_session(string version)
    {
        var (client, topic) = (_names.Client("anew"), _names.Topic("queue"));
        await _mosquitto.LeaveSessionAsync(version, client, [.. Expiry(version), "-q", "1", "-t", topic]);
        await _mosquitto.PublishAsync(version, topic, "-q", "1", "-m", "discarded");
        await using var anew = await _mosquitto.SubscribeAsync(version, "%p", "-q", "1", "-i", client, "-t", topic);
        await _mosquitto.PublishAsync(version, topic, "-q", "1", "-m", "end");
        await anew.MessageAsync("end");

        Assert.Equal(["end"], anew.Messages);
    }

    [Theory]
    [MemberData(nameof(Versions.All), MemberType = typeof(Versions))]
    public async Task A_session_remembers_an_unsubscription(string version)
    {
        var (client, given, kept) = (_names.Client("less"), _names.Topic("given-up"), _names.Topic("kept"));
        await _mosquitto.LeaveSessionAsync(version, client, [.. Expiry(version), "-q", "1", "-t", given, "-t", kept]);
        await _mosquitto.LeaveSessionAsync(version, client, [.. Expiry(version), "-q", "1", "-t", kept, "-U", given]);
        await _mosquitto.PublishAsync(version, given, "-q", "1", "-m", "not wanted");
        await _mosquitto.PublishAsync(version, kept, "-q", "1", "-m", "end");
        await using var back = _mosquitto.Resume(version, client, [.. Expiry(version), "-q", "1", "-t", kept]);
        await back.MessageAsync("end");

        Assert.Equal(["end"], back.Messages);
    }

    [Fact]
    public async Task A_version_5_session_without_expiry_ends_with_its_connection()
    {
        var (client, topic) = (_names.Client("brief"), _names.Topic("queue"));
        await _mosquitto.LeaveSessionAsync(Versions.V5, client, "-x", "0", "-q", "1", "-t", topic);
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "1", "-m", "missed");
        await using var back = await _mosquitto.SubscribeAsync(Versions.V5, "%p", "-c", "-x", "60", "-q", "1", "-i", client, "-t", topic);
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "1", "-m", "end");
        await back.MessageAsync("end");

        Assert.Equal(["end"], back.Messages);
    }

    [Fact]
    public async Task A_session_survives_the_death_of_its_client()
    {
        var (client, topic) = (_names.Client("killed"), _names.Topic("queue"));
        await using var first = await _mosquitto.SubscribeAsync(
            Versions.V5, "%p", "-c", "-x", "60", "-q", "1", "-i", client, "-t", topic);
        await first.DieAsync();
        await _mosquitto.PublishAsync(Versions.V5, topic, "-q", "1", "-m", "missed");
        await using var back = _mosquitto.Resume(Versions.V5, client, "-x", "60", "-q", "1", "-t", topic, "-C", "1");

        Assert.Equal(["missed"], await back.AllMessagesAsync());
    }

    private static string[] Expiry(string version) => version == Versions.V5 ? ["-x", "60"] : [];
}
