using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

/// <summary>Runs mosquitto_pub, mosquitto_sub and mosquitto_rr against one broker.</summary>
internal sealed class MosquittoClients
{
    private readonly BrokerAddress _broker;

    public MosquittoClients(BrokerFixture fixture)
    {
        Tool.Require("mosquitto_pub", "mosquitto_sub", "mosquitto_rr", "stdbuf");
        _broker = fixture.Address;
    }

    /// <summary>mosquitto_pub, to its end; with QoS 1 or 2 the broker has accepted the message when this returns.</summary>
    public async Task PublishAsync(string version, string topic, params string[] options)
    {
        var result = await ExternalProcess.RunAsync("mosquitto_pub", [.. Common(version), "-t", topic, .. options]);
        result.ShouldExitWith(0);
    }

    /// <summary>mosquitto_pub -l: one message for each line.</summary>
    public async Task PublishLinesAsync(string version, string topic, IEnumerable<string> lines, params string[] options)
    {
        var input = string.Concat(lines.Select(line => line + "\n"));
        var result = await ExternalProcess.RunAsync("mosquitto_pub", [.. Common(version), "-t", topic, "-l", .. options], input);
        result.ShouldExitWith(0);
    }

    /// <summary>mosquitto_sub, returned once the broker's SUBACK is there.</summary>
    /// <param name="version">One of <see cref="Versions"/>.</param>
    /// <param name="format">What to print of a message (-F).</param>
    /// <param name="options">Further options, <c>-t</c> among them.</param>
    public async Task<MosquittoSubscriber> SubscribeAsync(string version, string format, params string[] options)
    {
        var subscriber = new MosquittoSubscriber(Start("mosquitto_sub", version, format, options));
        await subscriber.SubscribedAsync();
        return subscriber;
    }

    /// <summary>mosquitto_sub on a session that exists: its messages may come before SUBACK, so nothing is waited for.</summary>
    public MosquittoSubscriber Resume(string version, string clientId, params string[] options) =>
        new(Start("mosquitto_sub", version, "%p", ["-c", "-i", clientId, .. options]));

    /// <summary>A persistent session that subscribes and leaves.</summary>
    public async Task LeaveSessionAsync(string version, string clientId, params string[] options)
    {
        await using var process = Start("mosquitto_sub", version, "%p", ["-c", "-E", "-i", clientId, .. options]);
        (await process.ExitAsync()).ShouldExitWith(0);
    }

    /// <summary>mosquitto_rr: publishes a request and prints the response.</summary>
    public ExternalProcess Request(string version, string topic, string responseTopic, params string[] options) =>
        Start("mosquitto_rr", version, "%p", ["-t", topic, "-e", responseTopic, .. options]);

    /// <summary>
    /// Standard output is block-buffered in a pipe, and these programs flush after messages only: stdbuf makes the debug
    /// lines (-d), by which a test sees that a client is ready, come at once.
    /// </summary>
    private ExternalProcess Start(string program, string version, string format, IEnumerable<string> options) =>
        ExternalProcess.Start(
            "stdbuf",
            ["-oL", program, .. Common(version), "-d", "-F", MosquittoSubscriber.Marker + format, .. options]);

    private string[] Common(string version) => ["-h", _broker.Host, "-p", _broker.PortText, "-V", version];
}
