using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security.Passwords;

/// <summary>Knows the users of a password file. Of others it knows nothing.</summary>
/// <param name="file">The file as it is now.</param>
internal sealed class PasswordFileAuthenticator(Func<PasswordFile> file) : IAuthenticator, IDisposable
{
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>Passwords that are hashed at the same time: one core stays for everybody else, where there are several.</summary>
    public static int MostAtOnce { get; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <inheritdoc/>
    public string Name => "password";

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        if (request.UserName is not { } user) return AuthenticationResult.Next;
        var users = file();
        var hash = users.Find(user);
        // So that a user who is not there takes as long as one who is.
        if ((hash ?? users.InPlaceOf(user)) is not { } compared) return AuthenticationResult.Next;
        var verified = await VerifyAsync(compared, request.Password ?? default, cancellationToken);
        if (hash is null) return AuthenticationResult.Next;
        return verified && request.Password is not null
            ? AuthenticationResult.Allow(new ClientIdentity(user))
            : AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, "a wrong password");
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<bool> VerifyAsync(PasswordHash hash, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            // A hash is made to take long.
            return await Task.Run(() => hash.Verify(password.Span), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }
}
