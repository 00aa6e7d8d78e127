using System.Security.Cryptography;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Samples.Security;

/// <summary>
/// Knows clients by a key that they send as their password, with the user name `key`. Added with <c>services.AddMqttAuthenticator&lt;ApiKeyAuthenticator&gt;()</c>, beside the list that it asks for.
/// </summary>
/// <param name="owners">The owner of each key, by the SHA-256 of the key in hexadecimal digits: whoever reads the list has no key. Keys must be random, of 128 bits or more.</param>
public sealed class ApiKeyAuthenticator(IReadOnlyDictionary<string, string> owners) : IAuthenticator
{
    /// <inheritdoc/>
    public string Name => "api-key";

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        // Others may know users of other names.
        if (request.UserName != "key" || request.Password is not { } key) return new(AuthenticationResult.Next);
        return new(owners.TryGetValue(Convert.ToHexString(SHA256.HashData(key.Span)), out var owner)
            ? AuthenticationResult.Allow(new ClientIdentity(owner))
            : AuthenticationResult.Deny(ReasonCode.BadUserNameOrPassword, "an unknown key"));
    }
}
