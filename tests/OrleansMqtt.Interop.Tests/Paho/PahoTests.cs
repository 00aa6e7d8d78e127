using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Paho;

/// <summary>Each scenario says at its top what it demands.</summary>
[Collection(PahoCollection.Name)]
public sealed class PahoTests(BrokerFixture broker)
{
    private static readonly string[] AnyVersion =
    [
        "assigned_client_identifier", "in_order", "keep_alive", "large_payload", "offline_queue", "qos", "redelivery", "retained",
        "session_present", "takeover", "takeover_will", "unsubscribe", "will",
    ];

    private static readonly string[] Version5Only =
    [
        "message_expiry", "no_local", "publish_properties", "retain_handling", "session_expiry", "subscription_identifiers",
        "topic_alias_from_server", "topic_alias_to_server", "will_at_session_end", "will_delay",
    ];

    public static TheoryData<string, int> Scenarios =>
    [
        .. from name in AnyVersion
           from level in Enumerable.Range(3, 3)
           where (name, level) != ("assigned_client_identifier", 3) // MQTT 3.1 wants one character at least
           select (name, level),
        ("shared_subscription", 4),
        ("shared_subscription", 5),
        .. Version5Only.Select(name => (name, 5)),
    ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Scenario(string name, int level) => PahoScenario.RunAsync(name, broker.Address, level);

    [Fact]
    public void Every_script_is_run()
    {
        string[] elsewhere = ["scenario", "server_keep_alive", "server_shutting_down"];
        var scripts = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "paho"), "*.py").Select(Path.GetFileNameWithoutExtension);
        var run = AnyVersion.Concat(Version5Only).Append("shared_subscription").Concat(elsewhere);
        Assert.Equal(run.Order(StringComparer.Ordinal), scripts.Order(StringComparer.Ordinal));
    }
}
