using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class AcknowledgementCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(AcknowledgementCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.4.2-1")]
    [Normative("5.0", "MQTT-3.5.2-1")]
    [Normative("5.0", "MQTT-3.6.1-1")]
    [Normative("5.0", "MQTT-3.6.2-1")]
    [Normative("5.0", "MQTT-3.7.2-1")]
    [Normative("3.1.1", "MQTT-3.6.1-1")]
    public void An_acknowledgement_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, AcknowledgementCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(AcknowledgementCorpusTests), AcknowledgementCorpus.Packets);
}
