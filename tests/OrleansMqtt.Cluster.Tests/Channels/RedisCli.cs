using System.Net;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Cluster.Tests.Channels;

/// <summary>Redis' own command line client.</summary>
internal sealed class RedisCli(IPEndPoint server)
{
    /// <summary>Publishes; returns how many have received it.</summary>
    public async Task<int> PublishAsync(string channel, string payload) => int.Parse((await RunAsync("PUBLISH", channel, payload))[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Runs a command, and returns the lines of its answer.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(params string[] command) => (await ExternalProcess.RunAsync("redis-cli", [.. Address, .. command])).Output;

    /// <summary>Subscribes, and returns when Redis has confirmed it: each message is three lines then, the last of them the payload.</summary>
    public async Task<ExternalProcess> SubscribeAsync(string channel)
    {
        var process = ExternalProcess.Start("redis-cli", [.. Address, "SUBSCRIBE", channel]);
        await process.LineAsync(static line => line == "1", "the confirmation");
        return process;
    }

    private string[] Address => ["-h", $"{server.Address}", "-p", $"{server.Port}"];
}
