namespace OrleansMqtt.Gateway.Hosting;

/// <summary>Faults that a listener injects, for people who test clients.</summary>
public sealed record ListenerFaultOptions
{
    /// <summary>What it does wrong.</summary>
    public FaultProfile Profile { get; init; } = new();

    /// <summary>A file in the format of curl's <c>mqttd.config</c>, read again at each new connection; what it says is added to <see cref="Profile"/>. Null: none.</summary>
    public string? File { get; init; }

    /// <summary>The folder of curl's test files, test1 and on, for <see cref="FaultProfile.TestNumber"/>. Null: none.</summary>
    public string? TestFiles { get; init; }

    /// <summary>A file that gets a line for every packet, in the format of curl's <c>server.input</c>. Passwords are in it as clients send them. Null: none.</summary>
    public string? Transcript { get; init; }

    /// <summary>A file that is there while a connection of the listener is open, as curl's test servers have one: when it has gone, the transcript is complete. Null: none.</summary>
    public string? LockFile { get; init; }
}
