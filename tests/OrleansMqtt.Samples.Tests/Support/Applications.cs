using OrleansMqtt.Hosting;

namespace OrleansMqtt.Samples.Tests.Support;

/// <summary>Samples that are programs, in the process of a test.</summary>
internal static class Applications
{
    /// <summary>Settings that keep nothing and take any port.</summary>
    public static readonly string[] Quiet = ["--Store:Path=memory", "--Listeners:default:Bind=127.0.0.1:0", "--Http:Bind=none"];

    /// <summary>Connects a client to its first listener.</summary>
    public static Task<MqttTestClient> ConnectAsync(MqttApplication app, string clientId) =>
        MqttTestClient.ConnectAsync(app.Listeners[0].EndPoint, new ConnectPacket { ClientId = clientId, CleanStart = true });
}
