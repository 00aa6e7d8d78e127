using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Hooks;

/// <summary>What is its own; what all hooks have in common is tested with <see cref="HttpAuthenticator"/>.</summary>
public sealed class HttpAuthorizerTests : IAsyncLifetime
{
    private static readonly AuthorizationRequest Publish = new("c\"1", new ClientIdentity("joe"), TopicAction.Publish, "a/ü", QualityOfService.AtLeastOnce, Retain: true);
    private static readonly AuthorizationRequest Subscribe = new("c1", ClientIdentity.Anonymous, TopicAction.Subscribe, "a/+");

    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private HookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await HookServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task The_server_is_told_what_the_client_wants()
    {
        using var hook = Hook();
        Assert.Equal(AuthorizationResult.Next, await AskAsync(hook, Publish));
        Assert.Equal(AuthorizationResult.Next, await AskAsync(hook, Subscribe));
        Assert.Equal(
            [("c\"1", "joe", "publish", "a/ü", 1, true), ("c1", null, "subscribe", "a/+", 0, false)],
            _server.Questions.Select(static q => (Text(q, "clientId"), Text(q, "userName"), Text(q, "action"), Text(q, "topic"), q.GetProperty("qos").GetInt32(), q.GetProperty("retain").GetBoolean())));

        static string? Text(JsonElement question, string name) => question.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("""{"result":"allow","more":1}""", AuthorizationDecision.Allow, ReasonCode.Success)]
    [InlineData("""{"result":"ignore","reasonCode":151}""", AuthorizationDecision.Next, ReasonCode.Success)]
    [InlineData("""{"result":"deny"}""", AuthorizationDecision.Deny, ReasonCode.NotAuthorized)]
    [InlineData("""{"result":"deny","reasonCode":null}""", AuthorizationDecision.Deny, ReasonCode.NotAuthorized)]
    [InlineData("""{"result":"deny","reasonCode":151}""", AuthorizationDecision.Deny, ReasonCode.QuotaExceeded)]
    public async Task The_server_decides(string json, AuthorizationDecision decision, ReasonCode reason)
    {
        _server.Json = json;
        using var hook = Hook();
        var result = await AskAsync(hook, Publish);
        Assert.Equal((decision, reason), (result.Decision, result.Reason));
        Assert.Empty(_log.Entries);
    }

    /// <summary>Failing refuses the action and is not remembered, as an answer would be.</summary>
    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"result":"yes"}""")]
    [InlineData("""{"result":1}""")]
    [InlineData("""{"result":"deny","reasonCode":0}""")]
    [InlineData("""{"result":"deny","reasonCode":1}""")]
    [InlineData("""{"result":"deny","reasonCode":255}""")]
    [InlineData("""{"result":"deny","reasonCode":"0x87"}""")]
    public async Task An_answer_that_is_not_understood_is_a_failure(string json)
    {
        _server.Json = json;
        using var hook = Hook(static options => options with { Cache = TimeSpan.FromSeconds(60) });
        await Assert.ThrowsAsync<HookException>(() => AskAsync(hook, Publish));
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Entries).Level);

        _server.Json = """{"result":"allow"}""";
        Assert.Equal(AuthorizationResult.Allow, await AskAsync(hook, Publish));
    }

    [Fact]
    public async Task Where_failures_are_ignored_somebody_else_is_asked()
    {
        _server.Status = 500;
        using var hook = Hook(static options => options with { IgnoreFailures = true });
        Assert.Equal(AuthorizationResult.Next, await AskAsync(hook, Publish));
    }

    [Fact]
    public async Task What_was_allowed_is_remembered_for_a_time_for_the_same_question()
    {
        _server.Json = """{"result":"allow"}""";
        using var hook = Hook(static options => options with { Cache = TimeSpan.FromSeconds(60) });
        for (var i = 0; i < 2; i++) await AskAsync(hook, Publish);
        Assert.Single(_server.Questions);
        await AskAsync(hook, Publish with { Retain = false });
        await AskAsync(hook, Publish with { QoS = QualityOfService.AtMostOnce });
        await AskAsync(hook, Publish with { Identity = new ClientIdentity("ann") });
        await AskAsync(hook, Publish with { Topic = "a" });
        await AskAsync(hook, Publish with { Action = TopicAction.Subscribe });
        Assert.Equal(6, _server.Questions.Count);

        _server.Json = """{"result":"deny"}""";
        Assert.Equal(AuthorizationResult.Allow, await AskAsync(hook, Publish));
        _time.Advance(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 2; i++) Assert.Equal(AuthorizationResult.Deny, await AskAsync(hook, Publish));
        Assert.Equal(8, _server.Questions.Count);
    }

    [Fact]
    public void Of_single_messages_to_clients_it_says_nothing()
    {
        using var hook = Hook();
        Assert.Equal(AuthorizationResult.Next, ((IAuthorizer)hook).MayReceive(Publish with { Action = TopicAction.Receive }));
    }

    private static Task<AuthorizationResult> AskAsync(HttpAuthorizer hook, AuthorizationRequest request) => hook.AuthorizeAsync(request, TestContext.Current.CancellationToken).AsTask();

    private HttpAuthorizer Hook(Func<HttpHookOptions, HttpHookOptions>? change = null) => new(change is null ? new HttpHookOptions(_server.Url) : change(new HttpHookOptions(_server.Url)), _time, _log);
}
