using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Passwords;

namespace OrleansMqtt.Security.Scram;

/// <summary>One client's way through SCRAM-SHA-256. Whatever fails ends it with 0x87, which CONNACK and DISCONNECT both have.</summary>
/// <param name="file">The users.</param>
/// <param name="userName">The user that CONNECT named besides; null for none.</param>
/// <param name="serverNonce">The broker's part of the nonce: printable ASCII without commas, never the same again.</param>
internal sealed class ScramExchange(ScramFile file, string? userName, string serverNonce) : IAuthenticationExchange
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private State _state;
    private ClientFirstMessage? _first;
    private ScramCredential? _credential;
    private string _serverFirst = "";
    private string _nonce = "";
    private bool _isKnown;

    private enum State
    {
        Begun,
        AskedForFirst,
        AwaitsProof,
        Over,
    }

    /// <inheritdoc/>
    public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte>? data, CancellationToken cancellationToken)
    {
        try
        {
            return new(Continue(data is { } bytes ? Utf8.GetString(bytes.Span) : ""));
        }
        catch (FormatException exception)
        {
            return new(Refuse(exception.Message));
        }
        catch (DecoderFallbackException)
        {
            return new(Refuse("a message that is no text"));
        }
    }

    private AuthenticationStep Continue(string text)
    {
        switch (_state)
        {
            // CONNECT may name the method alone: an empty challenge asks for the first message (RFC 4422 section 3).
            case State.Begun when text.Length == 0:
                _state = State.AskedForFirst;
                return AuthenticationStep.Continue(default);
            case State.Begun or State.AskedForFirst:
                return Challenge(ClientFirstMessage.Parse(text));
            case State.AwaitsProof:
                return Verify(text);
            default:
                return Refuse("a message after the last one");
        }
    }

    private AuthenticationStep Challenge(ClientFirstMessage first)
    {
        (_first, _nonce, _state) = (first, first.Nonce + serverNonce, State.AwaitsProof);
        _credential = file.Find(first.User, out _isKnown);
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_credential.Salt)},i={_credential.Iterations}");
        return AuthenticationStep.Continue(Utf8.GetBytes(_serverFirst));
    }

    private AuthenticationStep Verify(string text)
    {
        var end = text.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0 || text[..end].Split(',') is not [var binding, var nonce, ..] || Base64.TryDecode(text[(end + 3)..]) is not { Length: ScramCredential.KeyBytes } proof)
            throw new FormatException("a last message without nonce and proof");
        if (binding != "c=" + Convert.ToBase64String(Utf8.GetBytes(_first!.Header))) throw new FormatException("a last message with another header than the first one");
        if (nonce != "r=" + _nonce) throw new FormatException("a last message with another nonce");
        var signed = Utf8.GetBytes($"{_first.Bare},{_serverFirst},{text[..end]}");
        var clientKey = HMACSHA256.HashData(_credential!.StoredKey, signed);
        for (var i = 0; i < clientKey.Length; i++) clientKey[i] ^= proof[i];
        var isProved = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), _credential.StoredKey);
        // Only now: until here nobody learns whether the user is there.
        if (!isProved || !_isKnown) return Refuse("a wrong password, or no such user");
        if (userName is not null && userName != _first.User) return Refuse("CONNECT names another user");
        _state = State.Over;
        var signature = Utf8.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(_credential.ServerKey, signed)));
        return AuthenticationStep.End(AuthenticationResult.Allow(new ClientIdentity(_first.User)), signature);
    }

    private AuthenticationStep Refuse(string reason)
    {
        _state = State.Over;
        return AuthenticationStep.End(AuthenticationResult.Deny(ReasonCode.NotAuthorized, reason));
    }
}
