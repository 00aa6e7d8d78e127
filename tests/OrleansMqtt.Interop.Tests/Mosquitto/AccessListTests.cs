using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;
using OrleansMqtt.Tests.Acl;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

/// <summary>The same access list, clients and topics with a mosquitto and with the gateway: what reaches whom.</summary>
public sealed class AccessListTests
{
    private const string Password = "s3cret";

    public AccessListTests() => InteropTarget.SkipIfForeign();

    [Fact]
    public async Task A_list_lets_and_keeps_the_same_messages_as_mosquitto_does()
    {
        Tool.Require("mosquitto_passwd");
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("acl"), AclTable.File, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("users"), "", TestContext.Current.CancellationToken);
        foreach (var user in AclTable.Clients.Select(static client => client.User).OfType<string>().Append(AclTable.Admin).Distinct())
            (await ExternalProcess.RunAsync("mosquitto_passwd", ["-b", folder.File("users"), user, Password])).ShouldExitWith(0);
        await using var mosquitto = await MosquittoBroker.StartAsync(AclTable.File);
        await using var gateway = await GatewayProcess.StartAsync(
            [.. GatewayProcess.Embedded, $"--Authorization:AclFile={folder.File("acl")}", $"--Authentication:PasswordFile={folder.File("users")}", "--Authentication:AllowAnonymous=true"]);

        var theirs = await new AclProbe(mosquitto.Port, password: null).RunAsync();
        var ours = await new AclProbe(gateway.Address.Port, Password).RunAsync();

        var all = from client in AclTable.Clients from topic in AclTable.Topics from writes in Enumerable.Range(0, 2) select new AclAnswer(client, writes == 1, topic);
        var differences = all
            .Where(answer => ours.Contains(answer) != (AclTable.IsAllowedHereAlone(answer.Client, answer.Write, answer.Topic) || (theirs.Contains(answer) && !AclTable.IsRefusedHereAlone(answer.Client, answer.Topic))))
            .Select(answer => $"{answer}: mosquitto {theirs.Contains(answer)}, here {ours.Contains(answer)}");
        Assert.True(!differences.Any(), string.Join(Environment.NewLine, differences));
    }
}
