namespace OrleansMqtt.Sessions;

/// <summary>
/// The grain key of a client identifier. They are the same but for identifiers that are no valid key: a blank one is legal in MQTT,
/// and not in Orleans.
/// </summary>
public static class SessionKey
{
    private const char Escape = '~';

    /// <summary>The key of <paramref name="clientId"/>.</summary>
    public static string Of(string clientId) => clientId.StartsWith(Escape) || string.IsNullOrWhiteSpace(clientId) ? Escape + clientId : clientId;

    /// <summary>The client identifier of <paramref name="key"/>.</summary>
    public static string ClientIdOf(string key) => key.StartsWith(Escape) ? key[1..] : key;
}
