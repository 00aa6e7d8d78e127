using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>An authenticator that says what the test wants, and remembers what it was asked.</summary>
internal sealed class Asked(string name, Func<AuthenticationRequest, CancellationToken, ValueTask<AuthenticationResult>> answer) : IAuthenticator
{
    private readonly List<AuthenticationRequest> _requests = [];

    public Asked(string name, Func<AuthenticationRequest, AuthenticationResult> answer) : this(name, (request, _) => new(answer(request)))
    {
    }

    public string Name => name;

    public IReadOnlyList<AuthenticationRequest> Requests
    {
        get { lock (_requests) return [.. _requests]; }
    }

    /// <summary>Knows users whose password is their name.</summary>
    public static Asked NamesakePasswords(string name = "namesake") => new(name, request =>
        request.UserName is not { } user ? AuthenticationResult.Next
        : request.Password is { } password && password.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(user)) ? AuthenticationResult.Allow(new ClientIdentity(user))
        : AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, "a wrong password"));

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        lock (_requests) _requests.Add(request);
        return answer(request, cancellationToken);
    }
}
