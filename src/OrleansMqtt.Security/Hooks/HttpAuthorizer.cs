using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security.Hooks;

/// <summary>
/// Asks a server whether a client may publish or subscribe. Posted is <c>{"clientId", "userName", "action": "publish"|"subscribe", "topic", "qos", "retain"}</c>; the answer is described
/// at <see cref="Read"/>. Of single messages to clients it says nothing: they cannot wait for a server.
/// </summary>
internal sealed class HttpAuthorizer(HttpHookOptions options, TimeProvider time, ILogger logger) : IAuthorizer, IDisposable
{
    private readonly HookClient _client = new(options, time, logger);
    private readonly AnswerMemory<AuthorizationResult> _allowed = new(options.Cache, time);

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    /// <exception cref="HookException">There is no answer: the action is refused, and the question asked again the next time.</exception>
    public async ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var question = Write(request);
        if (_allowed.Find(question.Span) is { } known) return known;
        var answer = await _client.AskAsync(question, Read, cancellationToken);
        if (answer.Value is not { } result) return options.IgnoreFailures ? AuthorizationResult.Next : throw new HookException(answer.Problem!);
        if (result == AuthorizationResult.Allow) _allowed.Keep(question.Span, result, until: null);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static ReadOnlyMemory<byte> Write(in AuthorizationRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("clientId", request.ClientId);
        json.WriteString("userName", request.Identity.UserName);
        json.WriteString("action", request.Action == TopicAction.Publish ? "publish" : "subscribe");
        json.WriteString("topic", request.Topic);
        json.WriteNumber("qos", (int)request.QoS);
        json.WriteBoolean("retain", request.Retain);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>
    /// <c>{"result": "allow"|"deny"|"ignore"}</c>; with deny also <c>reasonCode</c>, a number from 128 to 255 that PUBACK or SUBACK can have. Other members are passed over.
    /// </summary>
    private static AuthorizationResult Read(JsonElement answer)
    {
        var result = answer.TryGetProperty("result", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        return result switch
        {
            "allow" => AuthorizationResult.Allow,
            "ignore" => AuthorizationResult.Next,
            "deny" => AuthorizationResult.DenyWith(ReasonOf(answer)),
            _ => throw new FormatException("the result is neither allow, deny nor ignore"),
        };
    }

    private static ReasonCode ReasonOf(JsonElement answer)
    {
        if (!answer.TryGetProperty("reasonCode", out var code) || code.ValueKind == JsonValueKind.Null) return ReasonCode.NotAuthorized;
        return code.ValueKind == JsonValueKind.Number && code.TryGetByte(out var number) && number >= (byte)ReasonCode.UnspecifiedError && Enum.IsDefined((ReasonCode)number)
            ? (ReasonCode)number
            : throw new FormatException("the reasonCode is no reason code of a failure");
    }
}
