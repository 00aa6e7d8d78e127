using System.Net;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansMqtt.Security.Hooks;

/// <summary>
/// What a client shows of itself, as JSON: <c>clientId</c>, <c>userName</c>, <c>password</c> (text; other bytes than UTF-8 in base 64 as <c>passwordBase64</c> instead), <c>address</c>,
/// <c>listener</c> and <c>certificateSubject</c>, null where there is none. Has the password in it, and is overwritten when it is disposed of.
/// </summary>
internal sealed class HookQuestion : IDisposable
{
    private readonly ErasedBuffer _buffer = new();

    private HookQuestion()
    {
    }

    /// <summary>The JSON.</summary>
    public ReadOnlyMemory<byte> Json => _buffer.Written;

    /// <summary>Writes it.</summary>
    public static HookQuestion Of(AuthenticationRequest request)
    {
        var question = new HookQuestion();
        question.Write(request);
        return question;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Write(AuthenticationRequest request)
    {
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        json.WriteString("clientId", request.ClientId);
        json.WriteString("userName", request.UserName);
        if (request.Password is { } bytes && !Utf8.IsValid(bytes.Span)) json.WriteBase64String("passwordBase64", bytes.Span);
        else if (request.Password is { } text) json.WriteString("password", text.Span);
        else json.WriteNull("password");
        json.WriteString("address", (request.Remote as IPEndPoint)?.Address.ToString());
        json.WriteString("listener", request.Listener);
        json.WriteString("certificateSubject", request.Certificate?.Subject);
        json.WriteEndObject();
    }
}
