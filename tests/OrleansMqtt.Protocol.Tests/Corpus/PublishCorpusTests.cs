using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class PublishCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(PublishCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-1.5.4-1")]
    [Normative("5.0", "MQTT-1.5.4-2")]
    [Normative("5.0", "MQTT-1.5.4-3")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    [Normative("5.0", "MQTT-1.5.7-1")]
    [Normative("5.0", "MQTT-2.2.1-2")]
    [Normative("5.0", "MQTT-2.2.2-1")]
    [Normative("5.0", "MQTT-3.3.1-2")]
    [Normative("5.0", "MQTT-3.3.1-4")]
    [Normative("5.0", "MQTT-3.3.2-1")]
    [Normative("5.0", "MQTT-3.3.2-2")]
    [Normative("5.0", "MQTT-3.3.2-8")]
    [Normative("5.0", "MQTT-3.3.2-13")]
    [Normative("5.0", "MQTT-3.3.2-14")]
    [Normative("5.0", "MQTT-3.3.2-19")]
    [Normative("5.0", "MQTT-4.7.0-1")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-2")]
    [Normative("3.1.1", "MQTT-1.5.3-1")]
    [Normative("3.1.1", "MQTT-1.5.3-2")]
    [Normative("3.1.1", "MQTT-1.5.3-3")]
    [Normative("3.1.1", "MQTT-2.3.1-1")]
    [Normative("3.1.1", "MQTT-2.3.1-5")]
    [Normative("3.1.1", "MQTT-3.3.1-2")]
    [Normative("3.1.1", "MQTT-3.3.1-4")]
    [Normative("3.1.1", "MQTT-3.3.2-1")]
    [Normative("3.1.1", "MQTT-3.3.2-2")]
    [Normative("3.1.1", "MQTT-4.7.1-1")]
    [Normative("3.1.1", "MQTT-4.7.3-1")]
    [Normative("3.1.1", "MQTT-4.7.3-2")]
    public void A_PUBLISH_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, PublishCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(PublishCorpusTests), PublishCorpus.Packets);
}
