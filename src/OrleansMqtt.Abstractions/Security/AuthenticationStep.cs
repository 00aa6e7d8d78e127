namespace OrleansMqtt.Security;

/// <summary>What the broker answers in an <see cref="IAuthenticationExchange"/>.</summary>
public readonly record struct AuthenticationStep
{
    private AuthenticationStep(AuthenticationResult? result, ReadOnlyMemory<byte>? data) => (Result, Data) = (result, data);

    /// <summary>The end of the exchange; null while the client has to go on [MQTT-4.12.0-3]. <see cref="AuthenticationResult.Next"/> is no end and counts as a refusal.</summary>
    public AuthenticationResult? Result { get; }

    /// <summary>Authentication Data for the client, in AUTH or at the end in CONNACK; null for none.</summary>
    public ReadOnlyMemory<byte>? Data { get; }

    /// <summary>The client has to answer this.</summary>
    public static AuthenticationStep Continue(ReadOnlyMemory<byte> data) => new(null, data);

    /// <summary>The exchange is over.</summary>
    /// <param name="result">Who the client is, or why it is refused.</param>
    /// <param name="data">What an accepted client gets besides; null for nothing.</param>
    public static AuthenticationStep End(AuthenticationResult result, ReadOnlyMemory<byte>? data = null) => new(result, data);
}
