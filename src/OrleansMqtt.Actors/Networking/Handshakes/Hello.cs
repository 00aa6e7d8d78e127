using System.Buffers;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>
/// The first message, of the one that connects: lowest and highest version that it speaks (2 bytes each), cluster, identity, and whom it
/// expects to reach (a silo's address as text; empty: any).
/// </summary>
/// <param name="Versions">The versions that it speaks.</param>
/// <param name="Cluster">The cluster's identifier.</param>
/// <param name="Self">Who it is.</param>
/// <param name="Expected">Whom it expects; null: any silo.</param>
internal sealed record Hello(VersionRange Versions, string Cluster, PeerIdentity Self, SiloAddress? Expected)
{
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        HandshakeFormat.WriteNumber(output, Versions.Lowest);
        HandshakeFormat.WriteNumber(output, Versions.Highest);
        HandshakeFormat.WriteText(output, Cluster);
        IdentityFormat.Write(output, Self);
        HandshakeFormat.WriteText(output, Expected?.ToParsableString() ?? "");
        return HandshakeFormat.Frame(output.WrittenSpan);
    }

    /// <summary>Reads the versions alone, which stand first in every version of this message.</summary>
    public static bool TryParseVersions(ref ReadOnlySpan<byte> rest, out VersionRange versions)
    {
        versions = default;
        if (!HandshakeFormat.TryReadNumber(ref rest, out var lowest) || !HandshakeFormat.TryReadNumber(ref rest, out var highest))
        {
            return false;
        }

        versions = new VersionRange(lowest, highest);
        return lowest <= highest;
    }

    /// <summary>Reads the whole message, without its prefix.</summary>
    public static Hello? Parse(ReadOnlySpan<byte> rest)
    {
        SiloAddress? silo = null;
        return TryParseVersions(ref rest, out var versions)
            && HandshakeFormat.TryReadText(ref rest, out var cluster)
            && IdentityFormat.TryRead(ref rest, out var self)
            && HandshakeFormat.TryReadText(ref rest, out var expected)
            && (expected.Length == 0 || IdentityFormat.TryParseSilo(expected, out silo))
                ? new Hello(versions, cluster, self!, silo)
                : null;
    }
}
