using System.Reflection;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

/// <summary>What holds for each packet of a corpus.</summary>
public abstract class CorpusTests
{
    private protected static void Check(string name, IEnumerable<CorpusPacket> corpus)
    {
        var entry = corpus.Single(candidate => candidate.Name == name);
        if (entry.Expected is null) CheckRefused(entry);
        else CheckValid(entry, entry.Expected);
    }

    private static void CheckRefused(CorpusPacket entry) => Frames.AssertRefused(entry.Refusal!.Value, entry.Bytes, entry.Version);

    private static void CheckValid(CorpusPacket entry, Packet expected)
    {
        var packet = Frames.DecodeValid(entry.Bytes, entry.Version);
        Assert.Equal(PacketText.Describe(expected), PacketText.Describe(packet));

        var encoded = PacketEncoder.Encode(packet, entry.Version);
        if (entry.IsCanonical) Assert.Equal(Convert.ToHexString(entry.Bytes), Convert.ToHexString(encoded));
        Assert.Equal(PacketText.Describe(expected), PacketText.Describe(Frames.DecodeValid(encoded, entry.Version)));
    }

    private protected static TheoryData<string> Names(IEnumerable<CorpusPacket> corpus) => [.. corpus.Select(entry => entry.Name)];

    /// <summary>A method may only claim the statements that its packets name.</summary>
    private protected static void CheckClaims(Type tests, IReadOnlyCollection<CorpusPacket> corpus)
    {
        foreach (var claim in tests.GetMethods().SelectMany(method => method.GetCustomAttributes<NormativeAttribute>()))
        {
            var version = claim.Version == "5.0" ? ProtocolVersion.V50 : ProtocolVersion.V311;
            Assert.Contains(corpus, entry => entry.Version == version && entry.Name.Contains($"[{claim.Statement}]", StringComparison.Ordinal));
        }
    }
}
