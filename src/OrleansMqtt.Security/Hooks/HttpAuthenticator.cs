using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Permissions;

namespace OrleansMqtt.Security.Hooks;

/// <summary>Asks a server who a client is. <see cref="HookQuestion"/> says what is sent; the answer is described at <see cref="Read"/>.</summary>
internal sealed class HttpAuthenticator(HttpHookOptions options, TimeProvider time, ILogger logger) : IAuthenticator, IDisposable
{
    private readonly HookClient _client = new(options, time, logger);
    private readonly AnswerMemory<AuthenticationResult> _allowed = new(options.Cache, time);

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        using var question = HookQuestion.Of(request);
        if (_allowed.Find(question.Json.Span) is { } known) return known;
        var answer = await _client.AskAsync(question.Json, json => Read(json, request), cancellationToken);
        if (answer.Value is not { } result) return options.IgnoreFailures ? AuthenticationResult.Next : AuthenticationResult.Deny(ReasonCode.ServerUnavailable, answer.Problem!);
        if (result.Identity is { } identity) _allowed.Keep(question.Json.Span, result, identity.ExpiresAt);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>
    /// <c>{"result": "allow"|"deny"|"ignore"}</c>; with allow also <c>clientId</c>, <c>userName</c> (null: the one that the client gave), <c>permissions</c> as
    /// <see cref="PermissionReader"/> reads them and <c>expiresAt</c> in seconds since 1970. Other members are passed over.
    /// </summary>
    private static AuthenticationResult Read(JsonElement answer, AuthenticationRequest request)
    {
        switch (Text(answer, "result"))
        {
            case "allow": break;
            case "deny": return AuthenticationResult.Deny(ReasonCode.NotAuthorized, "the hook refuses the client");
            case "ignore": return AuthenticationResult.Next;
            default: throw new FormatException("the result is neither allow, deny nor ignore");
        }
        var (user, clientId) = (Text(answer, "userName") ?? request.UserName, Text(answer, "clientId"));
        return AuthenticationResult.Allow(new ClientIdentity(user)
        {
            ClientId = clientId,
            ExpiresAt = Expiry(answer),
            Permissions = Member(answer, "permissions") is { } permissions ? PermissionReader.Read(permissions, clientId ?? request.ClientId, user) : null,
        });
    }

    private static DateTimeOffset? Expiry(JsonElement answer)
    {
        if (Member(answer, "expiresAt") is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new FormatException("expiresAt is no whole number of seconds since 1970");
    }

    private static string? Text(JsonElement answer, string name) => Member(answer, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new FormatException($"{name} is no text"),
    };

    private static JsonElement? Member(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
