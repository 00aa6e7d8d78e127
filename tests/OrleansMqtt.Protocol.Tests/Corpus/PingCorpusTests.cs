using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class PingCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(PingCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-2.1.3-1")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    [Normative("3.1.1", "MQTT-2.2.2-2")]
    public void A_PINGREQ_or_PINGRESP_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, PingCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(PingCorpusTests), PingCorpus.Packets);
}
