using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Which broker, and how clients present themselves.</summary>
internal sealed record BrokerSettings
{
    /// <summary>Name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public required int Port { get; init; }

    /// <summary>What carries the packets.</summary>
    public BrokerTransport Transport { get; init; }

    /// <summary>PEM file with the authorities whose certificates are trusted; null: those that the system trusts.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Path of a WebSocket's URL.</summary>
    public string Path { get; init; } = "/mqtt";

    /// <summary>3.1.1 or 5.0.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>User name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>Begins all client identifiers and topics.</summary>
    public required string Prefix { get; init; }

    /// <summary>Decides the bytes of payloads, and the prefix unless that was given.</summary>
    public required int Seed { get; init; }

    /// <summary>The version as the option has it.</summary>
    public string Protocol => Version == ProtocolVersion.V50 ? "5.0" : "3.1.1";

    /// <summary>The CONNECT of one client.</summary>
    /// <param name="name">What follows the prefix in its client identifier.</param>
    public ConnectPacket Connect(string name) => new()
    {
        Version = Version,
        CleanStart = true,
        KeepAlive = KeepAlive.Seconds,
        ClientId = Prefix + name,
        UserName = UserName,
        Password = Password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(Password), // Without the cast, null becomes empty.
    };
}
