using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>What a connection shows of its client before it has said a word of MQTT. Connections that have something to show implement it; see <see cref="ClientProof.Of"/>.</summary>
internal interface IClientProof
{
    /// <summary>The certificate that the client has proved to own and a known authority has issued; null for none.</summary>
    X509Certificate2? Certificate => null;

    /// <summary>The process at the other end of a UNIX socket; null for others.</summary>
    PeerCredentials? Peer => null;
}
