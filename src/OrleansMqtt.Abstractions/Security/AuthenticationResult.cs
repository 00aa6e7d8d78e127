using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>What an authenticator says of a client: it is known, it is refused, or somebody else may know.</summary>
public readonly record struct AuthenticationResult
{
    private AuthenticationResult(ClientIdentity? identity, ReasonCode? refusal, string? reason) => (Identity, Refusal, Reason) = (identity, refusal, reason);

    /// <summary>This authenticator does not know; the next one is asked. A client of whom nobody knows is refused.</summary>
    public static AuthenticationResult Next => default;

    /// <summary>Who the client is; null unless it is known.</summary>
    public ClientIdentity? Identity { get; }

    /// <summary>With what reason the client is refused; null unless it is.</summary>
    public ReasonCode? Refusal { get; }

    /// <summary>Why, for the log; without a secret.</summary>
    public string? Reason { get; }

    /// <summary>The client is known.</summary>
    public static AuthenticationResult Allow(ClientIdentity identity) => new(identity, null, null);

    /// <summary>The client is refused, whatever others would say.</summary>
    /// <param name="refusal">A reason code of CONNACK, such as <see cref="ReasonCode.BadUserNameOrPassword"/>; clients of 3.x get the return code nearest to it.</param>
    /// <param name="reason">Why, for the log; without a secret.</param>
    public static AuthenticationResult Deny(ReasonCode refusal, string reason) => new(null, refusal, reason);
}
