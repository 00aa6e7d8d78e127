using System.Globalization;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Paho;

/// <summary>Starts the scripts in <c>scenarios/</c> with the Python that has Debian's python3-paho-mqtt.</summary>
internal static class PahoScenario
{
    /// <summary>The system's Python: another one on the PATH would not see Debian's packages.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task<ProcessResult>> Import =
        new(() => ExternalProcess.RunAsync(Python, ["-B", "-c", "import paho.mqtt.client"]));

    /// <summary>Starts a scenario.</summary>
    /// <param name="name">The script's name without <c>.py</c>.</param>
    /// <param name="broker">Where it connects.</param>
    /// <param name="level">Protocol level: 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5.0.</param>
    /// <param name="names">What its topics and client identifiers start with.</param>
    /// <param name="arguments">What else the script asks for.</param>
    public static async Task<ExternalProcess> StartAsync(
        string name, BrokerAddress broker, int level, Names names, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is missing");
        var import = await Import.Value;
        Assert.SkipUnless(import.ExitCode == 0, "python3-paho-mqtt is not installed");

        var script = Path.Combine(AppContext.BaseDirectory, "paho", name + ".py");
        var levelText = level.ToString(CultureInfo.InvariantCulture);
        return ExternalProcess.Start(Python, ["-B", script, broker.Host, broker.PortText, levelText, names.Prefix, .. arguments]);
    }

    /// <summary>Runs a scenario, which must succeed.</summary>
    public static async Task RunAsync(string name, BrokerAddress broker, int level, params string[] arguments)
    {
        await using var process = await StartAsync(name, broker, level, new Names(), arguments);
        (await process.ExitAsync()).ShouldExitWith(0);
    }
}
