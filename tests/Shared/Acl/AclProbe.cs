using OrleansMqtt.Processes;

namespace OrleansMqtt.Tests.Acl;

/// <summary>Finds out by mosquitto's clients what a broker with <see cref="AclTable.File"/> lets the table's clients do.</summary>
/// <param name="port">Where it listens on the loopback address.</param>
/// <param name="password">Of all users; null for none.</param>
internal sealed class AclProbe(int port, string? password)
{
    private const char Mark = '|';

    private static readonly AclClient Admin = new("admin", AclTable.Admin);

    /// <summary>All that was allowed.</summary>
    public async Task<IReadOnlySet<AclAnswer>> RunAsync()
    {
        Tool.Require("mosquitto_pub", "mosquitto_sub", "stdbuf");
        return new HashSet<AclAnswer>([.. await WritesAsync(), .. await ReadsAsync()]);
    }

    private async Task<IEnumerable<AclAnswer>> WritesAsync()
    {
        await using var observer = await SubscribeAsync(Admin with { Id = "observer" });
        for (var i = 0; i < AclTable.Clients.Length; i++)
            foreach (var topic in AclTable.Topics) await PublishAsync(AclTable.Clients[i], topic, $"{i}{Mark}{topic}");
        await PublishAsync(Admin, AclTable.Fence, "end");
        await observer.LineAsync(static line => line == AclTable.Fence + Mark + "end", "the fence");
        return observer.Output.Select(static line => line.Split(Mark)).Where(static parts => parts.Length == 3).Select(static parts => new AclAnswer(AclTable.Clients[int.Parse(parts[1])], true, parts[2]));
    }

    private async Task<IEnumerable<AclAnswer>> ReadsAsync()
    {
        // One at a time: some have the same identifier.
        var answers = new List<AclAnswer>();
        foreach (var client in AclTable.Clients)
        {
            await using var subscriber = await SubscribeAsync(client);
            foreach (var topic in AclTable.Topics) await PublishAsync(Admin, topic, "x");
            await PublishAsync(Admin, AclTable.Fence, "end");
            await subscriber.LineAsync(static line => line == AclTable.Fence + Mark + "end", "the fence");
            answers.AddRange(subscriber.Output.Where(static line => line.EndsWith("|x", StringComparison.Ordinal)).Select(line => new AclAnswer(client, false, line[..^2])));
        }
        return answers;
    }

    private async Task PublishAsync(AclClient client, string topic, string message) =>
        (await ExternalProcess.RunAsync("mosquitto_pub", [.. Common(client), "-q", "1", "-t", topic, "-m", message])).ShouldExitWith(0);

    private async Task<ExternalProcess> SubscribeAsync(AclClient client)
    {
        string[] filters = [.. AclTable.Everything.SelectMany(static filter => new[] { "-t", filter })];
        var process = ExternalProcess.Start("stdbuf", ["-oL", "mosquitto_sub", .. Common(client), "-d", "-q", "1", .. filters, "-F", $"%t{Mark}%p"]);
        await process.LineAsync("Subscribed (mid");
        return process;
    }

    private string[] Common(AclClient client) =>
        ["-h", "127.0.0.1", "-p", $"{port}", "-V", "mqttv311", "-i", client.Id, .. client.User is null ? (string[])[] : ["-u", client.User, .. password is null ? (string[])[] : ["-P", password]]];
}
