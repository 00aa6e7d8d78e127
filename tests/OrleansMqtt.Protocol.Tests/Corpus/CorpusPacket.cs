using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Corpus;

/// <summary>One named packet: what it is on the wire, and what the codec must make of it.</summary>
/// <param name="Name">What is special about it, with the normative statements that say so in brackets.</param>
/// <param name="Version">Version of the connection it arrives on.</param>
/// <param name="Notation">Its bytes, see <see cref="Corpus.Notation"/>.</param>
/// <param name="Expected">The packet, or null if it is refused.</param>
/// <param name="Refusal">The reason code of the refusal, or null if it is valid.</param>
/// <param name="IsCanonical">Whether the encoder writes the packet with the same bytes.</param>
internal sealed record CorpusPacket(
    string Name, ProtocolVersion Version, string Notation, Packet? Expected, ReasonCode? Refusal, bool IsCanonical)
{
    internal byte[] Bytes => Corpus.Notation.Parse(Notation);

    internal static CorpusPacket Valid(string name, ProtocolVersion version, string notation, Packet expected) =>
        new(name, version, notation, expected, null, IsCanonical: true);

    /// <summary>Valid, but not as our encoder would write it.</summary>
    internal static CorpusPacket Unusual(string name, ProtocolVersion version, string notation, Packet expected) =>
        new(name, version, notation, expected, null, IsCanonical: false);

    internal static CorpusPacket Refused(string name, ProtocolVersion version, string notation, ReasonCode reason) =>
        new(name, version, notation, null, reason, IsCanonical: false);
}
