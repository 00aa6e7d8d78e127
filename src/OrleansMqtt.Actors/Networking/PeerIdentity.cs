using Orleans.Runtime;

namespace OrleansMqtt.Actors.Networking;

/// <summary>Who stands at one end of a connection: a silo, or a client.</summary>
internal sealed record PeerIdentity
{
    private PeerIdentity(SiloAddress? silo, string? client)
    {
        Silo = silo;
        Client = client;
    }

    /// <summary>The address of the silo; null for a client.</summary>
    public SiloAddress? Silo { get; }

    /// <summary>The identifier of the client; null for a silo.</summary>
    public string? Client { get; }

    public static PeerIdentity OfSilo(SiloAddress silo) => new(silo, null);

    public static PeerIdentity OfClient(string client)
    {
        ArgumentException.ThrowIfNullOrEmpty(client);
        return new(null, client);
    }

    public override string ToString() => Silo is null ? "client " + Client : "silo " + Silo;
}
