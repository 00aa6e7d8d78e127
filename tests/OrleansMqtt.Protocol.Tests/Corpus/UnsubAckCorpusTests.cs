using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class UnsubAckCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(UnsubAckCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.11.3-2")]
    public void An_UNSUBACK_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, UnsubAckCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(UnsubAckCorpusTests), UnsubAckCorpus.Packets);
}
