using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security.Passwords;

/// <summary>Knows the users of a password file. Of others it knows nothing.</summary>
/// <param name="file">The file as it is now.</param>
internal sealed class PasswordFileAuthenticator(Func<PasswordFile> file) : IAuthenticator
{
    // So that a user who is not there takes as long as one who is.
    private static readonly PasswordHash Nobody = Pbkdf2Sha512.Of([], iterations: 101);

    /// <inheritdoc/>
    public string Name => "password";

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (request.UserName is not { } user) return AuthenticationResult.Next;
        var hash = file().Find(user);
        // Away from the loop that serves other clients: a hash is made to take long.
        var verified = await Task.Run(() => (hash ?? Nobody).Verify((request.Password ?? default).Span), cancellationToken);
        if (hash is null) return AuthenticationResult.Next;
        return verified && request.Password is not null
            ? AuthenticationResult.Allow(new ClientIdentity(user))
            : AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, "a wrong password");
    }
}
