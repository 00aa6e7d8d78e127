using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Hooks;

public sealed class HttpAuthenticatorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private HookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await HookServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_server_is_told_what_the_client_shows()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=pump-7", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        using var hook = Hook();
        await AskAsync(hook, Requests.Of("jö\"e", "s3cret ü") with { Certificate = certificate });
        await AskAsync(hook, Requests.Of(null, null) with { Remote = null });
        await AskAsync(hook, Requests.Of("joe", null) with { Password = new byte[] { 0xFF, 0x00 } });
        Assert.Equal("application/json", _server.ContentType);
        Assert.Equal(
            [
                """{"clientId":"client-1","userName":"jö\"e","password":"s3cret ü","address":"192.0.2.7","listener":"field","certificateSubject":"CN=pump-7"}""",
                """{"clientId":"client-1","userName":null,"password":null,"address":null,"listener":"field","certificateSubject":null}""",
                """{"clientId":"client-1","userName":"joe","passwordBase64":"/wA=","address":"192.0.2.7","listener":"field","certificateSubject":null}""",
            ],
            _server.Questions.Select(static q => System.Text.Json.JsonSerializer.Serialize(q, Readable)));
    }

    [Fact]
    public async Task What_a_client_writes_may_be_long_and_strange()
    {
        using var hook = Hook();
        var (user, password) = (string.Concat(Enumerable.Repeat("\u0001ü\"", 5000)), new string('\0', 20_000));
        await AskAsync(hook, Requests.Of(user, password));
        var question = Assert.Single(_server.Questions);
        Assert.Equal((user, password), (question.GetProperty("userName").GetString(), question.GetProperty("password").GetString()));
    }

    [Fact]
    public async Task The_server_allows()
    {
        _server.Json = """{"result":"allow","clientId":"d1","userName":"ann","expiresAt":1900000000,"permissions":{"pub":["%c/up","%u/up"]},"more":[]}""";
        using var hook = Hook();
        var identity = (await AskAsync(hook)).Identity!;
        Assert.Equal(("ann", "d1", DateTimeOffset.FromUnixTimeSeconds(1_900_000_000)), (identity.UserName, identity.ClientId, identity.ExpiresAt!.Value));
        Assert.Equal([new(TopicActions.Publish, "d1/up"), new(TopicActions.Publish, "ann/up")], identity.Permissions);

        _server.Json = """{"result":"allow","clientId":null}""";
        identity = (await AskAsync(hook)).Identity!;
        Assert.Equal(("joe", null, null, null), (identity.UserName, identity.ClientId, identity.ExpiresAt, identity.Permissions));
    }

    [Fact]
    public async Task The_server_denies_or_does_not_know()
    {
        using var hook = Hook();
        _server.Json = """{"result":"deny"}""";
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(hook)).Refusal);
        _server.Json = """{"result":"ignore"}""";
        Assert.Equal(AuthenticationResult.Next, await AskAsync(hook));
        Assert.Empty(_log.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("allow")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"result":"yes"}""")]
    [InlineData("""{"result":true}""")]
    [InlineData("""{"result":"deny","result":"allow"}""")]
    [InlineData("""{"result":"allow","clientId":7}""")]
    [InlineData("""{"result":"allow","expiresAt":"tomorrow"}""")]
    [InlineData("""{"result":"allow","expiresAt":1e99}""")]
    [InlineData("""{"result":"allow","permissions":["#"]}""")]
    public async Task An_answer_that_is_not_understood_allows_nobody(string json)
    {
        _server.Json = json;
        using var hook = Hook();
        Assert.Equal(ReasonCode.ServerUnavailable, (await AskAsync(hook)).Refusal);
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Entries).Level);
    }

    [Theory]
    [InlineData(204, "it answered with status 204")]
    [InlineData(302, "it answered with status 302")]
    [InlineData(401, "it answered with status 401")]
    [InlineData(500, "it answered with status 500")]
    public async Task Another_status_than_200_allows_nobody(int status, string problem)
    {
        _server.Status = status;
        using var hook = Hook();
        var result = await AskAsync(hook);
        Assert.Equal((ReasonCode.ServerUnavailable, "the hook gave no answer: " + problem), (result.Refusal, result.Reason));
    }

    [Fact]
    public async Task An_answer_without_end_allows_nobody()
    {
        _server.Answer = static context => context.Response.WriteAsync("""{"result":"allow","more":" """ + new string('x', 70_000) + "\"}");
        using var hook = Hook();
        Assert.Equal(ReasonCode.ServerUnavailable, (await AskAsync(hook)).Refusal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_allows_nobody_and_is_told_of_once_a_second()
    {
        var url = _server.Url;
        await _server.DisposeAsync();
        _server = await HookServer.StartAsync();
        using var hook = Hook(options => options with { Url = new UriBuilder(url) { Port = 1 }.Uri });
        for (var i = 0; i < 3; i++) Assert.Equal(ReasonCode.ServerUnavailable, (await AskAsync(hook)).Refusal);
        Assert.Contains("it cannot be reached (ConnectionError)", Assert.Single(_log.Entries).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(hook);
        Assert.Equal(2, _log.Entries.Count);
    }

    [Fact]
    public async Task Where_failures_are_ignored_somebody_else_is_asked()
    {
        _server.Status = 500;
        using var hook = Hook(static options => options with { IgnoreFailures = true });
        Assert.Equal(AuthenticationResult.Next, await AskAsync(hook));
        _server.Json = """{"result":"deny"}""";
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(hook)).Refusal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_allows_nobody()
    {
        var (asked, never) = Hang();
        using var hook = Hook();
        var waiting = AskAsync(hook);
        await asked.WaitAsync(Patience, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        var result = await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((ReasonCode.ServerUnavailable, "the hook gave no answer: it did not answer in time"), (result.Refusal, result.Reason));
        never.SetResult();
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_waited_for()
    {
        var (asked, never) = Hang();
        using var gone = new CancellationTokenSource();
        using var hook = Hook();
        var waiting = hook.AuthenticateAsync(Requests.Of("joe", "s3cret"), gone.Token).AsTask();
        await asked.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Empty(_log.Entries);
        never.SetResult();
    }

    [Fact]
    public async Task No_more_requests_are_on_their_way_than_are_allowed()
    {
        var (asked, never) = Hang();
        using var hook = Hook(static options => options with { MaxConcurrent = 1 });
        var first = AskAsync(hook);
        await asked.WaitAsync(Patience, TestContext.Current.CancellationToken);
        _server.Json = """{"result":"allow"}""";
        var second = AskAsync(hook);
        Assert.Single(_server.Questions);
        never.SetResult();
        // It answers nothing, and makes room.
        Assert.NotNull((await first).Refusal);
        Assert.NotNull((await second).Identity);
        Assert.Equal(2, _server.Questions.Count);
    }

    [Fact]
    public async Task A_server_that_fails_often_is_left_alone_for_a_while()
    {
        _server.Status = 500;
        using var hook = Hook();
        for (var i = 0; i < 10; i++) await AskAsync(hook);
        Assert.Equal(10, _server.Questions.Count);
        var result = await AskAsync(hook);
        Assert.Equal((ReasonCode.ServerUnavailable, "the hook is left alone for a while after failures", 10), (result.Refusal, result.Reason, _server.Questions.Count));
        Assert.Single(_log.Entries, static entry => entry.Level == LogLevel.Error);

        _server.Json = """{"result":"allow"}""";
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await AskAsync(hook)).Identity);
        Assert.Contains("answers again", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_allowed_is_remembered_for_its_time_and_for_the_same_client_alone()
    {
        _server.Json = """{"result":"allow"}""";
        using var hook = Hook(static options => options with { Cache = TimeSpan.FromSeconds(5) });
        for (var i = 0; i < 3; i++) Assert.NotNull((await AskAsync(hook)).Identity);
        Assert.Single(_server.Questions);

        _server.Json = """{"result":"deny"}""";
        Assert.NotNull((await AskAsync(hook)).Identity);
        foreach (var other in new[] { Requests.Of("joe", "another"), Requests.Of("ann", "s3cret"), Requests.Of("joe", "s3cret", "client-2"), Requests.Of("joe", "s3cret") with { Listener = "office" } })
            Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(hook, other)).Refusal);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(hook)).Refusal);
    }

    [Fact]
    public async Task What_was_refused_is_asked_again_and_so_is_what_has_ended()
    {
        using var hook = Hook(static options => options with { Cache = TimeSpan.FromHours(1) });
        _server.Json = """{"result":"deny"}""";
        await AskAsync(hook);
        _server.Json = $$"""{"result":"allow","expiresAt":{{_time.GetUtcNow().AddSeconds(2).ToUnixTimeSeconds()}}}""";
        Assert.NotNull((await AskAsync(hook)).Identity);
        _server.Json = """{"result":"deny"}""";
        Assert.NotNull((await AskAsync(hook)).Identity);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ReasonCode.NotAuthorized, (await AskAsync(hook)).Refusal);
    }

    [Fact]
    public void A_password_in_the_URL_would_stand_in_the_log() => Assert.Throws<ArgumentException>(() => Hook(static options => options with { Url = new Uri("http://a:s3cret@localhost/") }));

    private static System.Text.Json.JsonSerializerOptions Readable { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private HttpAuthenticator Hook(Func<HttpHookOptions, HttpHookOptions>? change = null)
    {
        var options = new HttpHookOptions(_server.Url);
        return new HttpAuthenticator(change is null ? options : change(options), _time, _log);
    }

    private (Task Asked, TaskCompletionSource Never) Hang()
    {
        var (asked, never) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _server.Answer = _ =>
        {
            asked.TrySetResult();
            return never.Task;
        };
        return (asked.Task, never);
    }

    private static Task<AuthenticationResult> AskAsync(HttpAuthenticator hook, AuthenticationRequest? request = null) =>
        hook.AuthenticateAsync(request ?? Requests.Of("joe", "s3cret"), TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
}
