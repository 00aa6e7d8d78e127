namespace OrleansMqtt.Gateway.Hosting;

/// <summary>What a WebSocket listener answers to.</summary>
public sealed record ListenerWebSocketOptions
{
    /// <summary>Path of its URL, case-sensitive.</summary>
    public string Path { get; init; } = "/mqtt";

    /// <summary>Pages whose scripts may connect, by their origins: `https://example.org`. Empty: all. Who sends no Origin is no browser, and may.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}
