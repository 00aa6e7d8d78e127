using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>What an authorizer says of an action.</summary>
public readonly record struct AuthorizationResult
{
    private AuthorizationResult(AuthorizationDecision decision, ReasonCode reason = ReasonCode.Success) => (Decision, Reason) = (decision, reason);

    /// <summary>Nothing: the next authorizer is asked, and after the last one the configured default holds.</summary>
    public static AuthorizationResult Next => default;

    /// <summary>It is allowed. A subscription: so is every message that its filter matches.</summary>
    public static AuthorizationResult Allow => new(AuthorizationDecision.Allow);

    /// <summary>
    /// A subscription may be made, but whether the client may have a message is asked for each topic (<see cref="IAuthorizer.MayReceive"/>). Otherwise the same as <see cref="Allow"/>.
    /// </summary>
    public static AuthorizationResult AllowInPart => new(AuthorizationDecision.AllowInPart);

    /// <summary>It is refused with <see cref="ReasonCode.NotAuthorized"/>, whatever others would say.</summary>
    public static AuthorizationResult Deny => DenyWith(ReasonCode.NotAuthorized);

    /// <summary>What is decided.</summary>
    public AuthorizationDecision Decision { get; }

    /// <summary>The reason code of a refusal, in PUBACK, PUBREC or SUBACK; <see cref="ReasonCode.Success"/> where nothing is refused.</summary>
    public ReasonCode Reason { get; }

    /// <summary>It is refused, whatever others would say.</summary>
    /// <param name="reason">A reason code for failures of PUBACK, PUBREC and SUBACK, 0x80 or above; clients of 3.x get what their version has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code says no failure.</exception>
    public static AuthorizationResult DenyWith(ReasonCode reason)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((byte)reason, (byte)ReasonCode.UnspecifiedError, nameof(reason));
        return new(AuthorizationDecision.Deny, reason);
    }
}
