using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class SubAckCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(SubAckCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.9.3-2")]
    [Normative("3.1.1", "MQTT-3.9.3-2")]
    public void A_SUBACK_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, SubAckCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(SubAckCorpusTests), SubAckCorpus.Packets);
}
