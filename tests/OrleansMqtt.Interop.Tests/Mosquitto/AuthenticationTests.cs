using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

/// <summary>mosquitto's own users file and clients, against a gateway that knows them by it, and by tokens.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-");

    [Fact]
    public async Task Users_of_mosquitto_passwd_and_bearers_of_tokens_are_served_and_nobody_else()
    {
        InteropTarget.SkipIfForeign();
        Tool.Require("mosquitto_pub", "mosquitto_passwd");
        var (users, key) = (Path.Combine(_directory.FullName, "users"), Path.Combine(_directory.FullName, "key"));
        (await ExternalProcess.RunAsync("mosquitto_passwd", ["-c", "-b", users, "joe", "s3cret"])).ShouldExitWith(0);
        await File.WriteAllTextAsync(key, Key, TestContext.Current.CancellationToken);
        await using var gateway = await GatewayProcess.StartAsync(
            [.. GatewayProcess.Embedded, $"--Authentication:PasswordFile={users}", $"--Authentication:Jwt:SecretFile={key}", "--Authentication:Jwt:RequireExpiry=false"]);

        foreach (var version in new[] { Versions.V311, Versions.V5 })
        {
            (await PublishAsync(gateway, version, "-u", "joe", "-P", "s3cret")).ShouldExitWith(0);
            (await PublishAsync(gateway, version, "-u", "ann", "-P", Token("ann", Key))).ShouldExitWith(0);
            Assert.NotEqual(0, (await PublishAsync(gateway, version, "-u", "joe", "-P", "S3cret")).ExitCode);
            Assert.NotEqual(0, (await PublishAsync(gateway, version, "-u", "ann", "-P", "s3cret")).ExitCode);
            Assert.NotEqual(0, (await PublishAsync(gateway, version, "-u", "ann", "-P", Token("joe", Key))).ExitCode);
            Assert.NotEqual(0, (await PublishAsync(gateway, version, "-u", "ann", "-P", Token("ann", Key + "x"))).ExitCode);
            Assert.NotEqual(0, (await PublishAsync(gateway, version)).ExitCode);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static Task<ProcessResult> PublishAsync(GatewayProcess gateway, string version, params string[] options) => ExternalProcess.RunAsync(
        "mosquitto_pub", ["-h", gateway.Address.Host, "-p", gateway.Address.PortText, "-V", version, "-q", "1", "-t", "a", "-m", "b", .. options]);

    private static string Token(string user, string key)
    {
        var signed = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"sub":"{{user}}"}"""))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }
}
