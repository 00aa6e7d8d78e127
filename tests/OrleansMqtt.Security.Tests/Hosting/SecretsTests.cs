using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Security.Certificates;
using OrleansMqtt.Security.Files;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Hosting;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Scram;
using OrleansMqtt.Security.Tests.Hooks;
using OrleansMqtt.Security.Tests.Scram;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Security.Tests.Tokens;
using OrleansMqtt.Security.Tokens;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Hosting;

/// <summary>Every authenticator, as a host has it, with right and wrong secrets and files that go bad: nothing that it logs, says or throws has a secret in it.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Secret = "s3cret-s3cret-s3cret-s3cret-s3cret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly StringBuilder _said = new();

    [Fact]
    public async Task No_secret_is_logged_said_or_thrown()
    {
        await using var server = await HookServer.StartAsync();
        var credential = ScramCredential.Of(Secret, 4096);
        var hash = Pbkdf2Sha512.Of(Encoding.UTF8.GetBytes(Secret), 101);
        var token = Token.Hs256("""{"sub":"joe","exp":1900000000}""", Secret);
        await using var provider = Build(server.Url, hash, credential);
        var authenticators = provider.GetServices<IAuthenticator>().ToArray();
        Assert.Equal(["certificate", "jwt", "password", "http"], authenticators.Select(static a => a.Name));

        foreach (var answer in new[] { """{"result":"allow"}""", """{"result":"deny"}""", Secret, $$"""{"result":"{{Secret}}"}""" })
        {
            server.Json = answer;
            foreach (var authenticator in authenticators)
                foreach (var password in new[] { Secret, Secret + "x", token, token + "x", token[..^9], null })
                    foreach (var user in new[] { "joe", "nobody", null })
                        await SayAsync(authenticator, Requests.Of(user, password));
        }
        await SayAsync(provider.GetRequiredService<IEnhancedAuthenticator>());
        foreach (var (name, bad) in new[] { ("users", $"joe:{Secret}"), ("scram", $"joe:{Secret}"), ("keys", "") })
        {
            File.WriteAllText(_folder.Path(name), bad);
            File.SetLastWriteTimeUtc(_folder.Path(name), new DateTime(2029, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
        for (var i = 0; i < 2; i++) _time.Advance(WatchedFile<PasswordFile>.Interval);
        Assert.Equal(3, _log.Entries.Count(static entry => entry.Text.Contains("cannot be used", StringComparison.Ordinal)));

        var all = $"{_said}\n{_log.Text}";
        Assert.Contains("the hook refuses the client", all, StringComparison.Ordinal);
        foreach (var secret in new[] { Secret, "s3cret", token, token.Split('.')[2], hash.Write(), credential.Write(), Convert.ToBase64String(credential.StoredKey), Convert.ToBase64String(credential.ServerKey) })
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The compiler writes ToString of records with all that is in them.</summary>
    [Fact]
    public void No_record_of_secrets_writes_itself() => Assert.All(
        new object[] { ScramCredential.Of(Secret, 4096), Pbkdf2Sha512.Of("x"u8, 101), PasswordFile.Parse([]), Requests.Of("joe", Secret), HookQuestion.Of(Requests.Of("joe", Secret)) },
        static secret => Assert.DoesNotMatch("s3cret|Key|System.Byte|[$]7[$]", secret.ToString()!));

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private ServiceProvider Build(Uri hook, Pbkdf2Sha512 hash, ScramCredential credential)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_log);
        services.AddSingleton<TimeProvider>(_time);
        services.AddMqttCertificates(new CertificateOptions());
        services.AddMqttTokens(new JwtOptions(_folder.Write("keys", Secret), JwtKeyForm.Secret) { Algorithms = ["HS256"] });
        services.AddMqttPasswordFile(_folder.Write("users", $"joe:{hash.Write()}"));
        services.AddMqttHttpAuthenticator(new HttpHookOptions(hook));
        services.AddMqttScramFile(_folder.Write("scram", $"joe:{credential.Write()}"));
        return services.BuildServiceProvider();
    }

    private async Task SayAsync(IAuthenticator authenticator, AuthenticationRequest request)
    {
        _said.AppendLine(request.ToString());
        try
        {
            var result = await authenticator.AuthenticateAsync(request, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            _said.AppendLine($"{authenticator} {result} {result.Reason}");
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            _said.AppendLine(exception.ToString());
        }
    }

    private async Task SayAsync(IEnhancedAuthenticator authenticator)
    {
        foreach (var password in new[] { Secret, Secret + "x" })
        {
            var client = new ScramClient("joe", password);
            var exchange = authenticator.Begin(Requests.Of(null, Secret));
            var challenge = await exchange.ContinueAsync(client.First, TestContext.Current.CancellationToken);
            var end = await exchange.ContinueAsync(client.Last(challenge.Data), TestContext.Current.CancellationToken);
            Assert.Equal(password == Secret, end.Result!.Value.Identity is not null);
            _said.AppendLine($"{exchange} {challenge} {end} {end.Result.Value.Reason}");
        }
    }
}
