using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class ConnAckCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(ConnAckCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.2.2-1")]
    [Normative("5.0", "MQTT-3.2.2-6")]
    [Normative("5.0", "MQTT-3.2.2-8")]
    [Normative("5.0", "MQTT-2.2.2-1")]
    public void A_CONNACK_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, ConnAckCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(ConnAckCorpusTests), ConnAckCorpus.Packets);
}
