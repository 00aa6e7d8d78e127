using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>How the members of a cluster prove to each other that they belong to it. Both sides of each connection show a certificate.</summary>
internal sealed record TlsOptions
{
    /// <summary>The certificate of this process, with its private key, shown to those that connect and to those it connects to.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The authorities of the cluster: who shows a certificate of another is not let in. The machine's own trust does not count.</summary>
    public required X509Certificate2Collection Authorities { get; init; }

    /// <summary>The name that the certificate of a process that this one connects to must bear; null: its host or address.</summary>
    public string? ServerName { get; init; }
}
