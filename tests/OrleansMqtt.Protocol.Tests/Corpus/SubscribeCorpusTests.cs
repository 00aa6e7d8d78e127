using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class SubscribeCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(SubscribeCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.8.1-1")]
    [Normative("5.0", "MQTT-3.8.3-1")]
    [Normative("5.0", "MQTT-3.8.3-2")]
    [Normative("5.0", "MQTT-3.8.3-4")]
    [Normative("5.0", "MQTT-3.8.3-5")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-2")]
    [Normative("3.1.1", "MQTT-2.3.1-1")]
    [Normative("3.1.1", "MQTT-3.8.1-1")]
    [Normative("3.1.1", "MQTT-3.8.3-1")]
    [Normative("3.1.1", "MQTT-3.8.3-3")]
    [Normative("3.1.1", "MQTT-3.8.3-4")]
    [Normative("3.1.1", "MQTT-4.7.3-1")]
    [Normative("3.1.1", "MQTT-4.7.3-2")]
    public void A_SUBSCRIBE_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, SubscribeCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(SubscribeCorpusTests), SubscribeCorpus.Packets);
}
