using System.Globalization;
using System.Reflection;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.MqttJs;

/// <summary>The scripts in <c>mqttjs/scenarios</c>; each says at its top what it demands. They need <c>npm ci</c> there.</summary>
[Collection(MqttJsCollection.Name)]
public sealed class MqttJsTests(BrokerFixture broker)
{
    private static readonly string[] AnyVersion = ["burst", "large_payload", "qos", "reconnect", "retained", "session", "will"];

    private static readonly string Folder = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        typeof(MqttJsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "MqttJsFolder").Value!));

    internal static void Require()
    {
        Tool.Require("node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "mqtt")), "mqtt.js is not installed: run npm ci in mqttjs");
    }

    internal static string Script(string name) => Path.Combine(Folder, "scenarios", name + ".mjs");

    public static TheoryData<string, int> Scenarios =>
    [
        .. from name in AnyVersion from level in Enumerable.Range(3, 3) select (name, level),
        ("shared", 4),
        ("shared", 5),
        ("properties", 5),
        ("topic_alias", 5),
    ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario(string name, int level)
    {
        Require();
        var levelText = level.ToString(CultureInfo.InvariantCulture);
        var result = await ExternalProcess.RunAsync(
            "node", [Script(name), broker.Address.Host, broker.Address.PortText, levelText, new Names().Prefix]);
        result.ShouldExitWith(0);
    }

    [Fact]
    public void Every_script_is_run()
    {
        var scripts = Directory.EnumerateFiles(Path.Combine(Folder, "scenarios"), "*.mjs").Select(Path.GetFileNameWithoutExtension);
        var run = Scenarios.Select(row => row.Data.Item1).Distinct().Append("scenario");
        Assert.Equal(run.Order(StringComparer.Ordinal), scripts.Order(StringComparer.Ordinal));
    }
}
