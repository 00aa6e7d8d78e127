using System.Text;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>A method by which the client says who it is, is asked for a word, and has to know it: that of the user.</summary>
internal sealed class Riddles : IEnhancedAuthenticator
{
    public string Name => "riddles";

    public string Method => "RIDDLE";

    /// <summary>When what is proved ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What is waited for before each answer.</summary>
    public Func<Task> Thinking { get; set; } = static () => Task.CompletedTask;

    public IAuthenticationExchange Begin(AuthenticationRequest request) => new Riddle(this);

    private sealed class Riddle(Riddles riddles) : IAuthenticationExchange
    {
        private string? _user;

        public async ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte>? data, CancellationToken cancellationToken)
        {
            await riddles.Thinking();
            var text = data is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "";
            if (text == "broken") throw new InvalidOperationException("broken");
            if (_user is null)
            {
                _user = text;
                return AuthenticationStep.Continue(Encoding.UTF8.GetBytes($"word of {text}?"));
            }
            return text == $"word of {_user}"
                ? AuthenticationStep.End(AuthenticationResult.Allow(new ClientIdentity(_user) { ExpiresAt = riddles.ExpiresAt }), "welcome"u8.ToArray())
                : AuthenticationStep.End(AuthenticationResult.Deny(ReasonCode.NotAuthorized, "a wrong word"));
        }
    }
}
