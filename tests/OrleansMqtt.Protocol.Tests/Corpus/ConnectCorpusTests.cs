using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class ConnectCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(ConnectCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-1.5.4-1")]
    [Normative("5.0", "MQTT-1.5.4-2")]
    [Normative("5.0", "MQTT-1.5.4-3")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    [Normative("5.0", "MQTT-1.5.7-1")]
    [Normative("5.0", "MQTT-3.1.2-3")]
    [Normative("5.0", "MQTT-3.1.2-9")]
    [Normative("5.0", "MQTT-3.1.2-11")]
    [Normative("5.0", "MQTT-3.1.2-12")]
    [Normative("5.0", "MQTT-3.1.2-13")]
    [Normative("5.0", "MQTT-3.1.2-16")]
    [Normative("5.0", "MQTT-3.1.2-17")]
    [Normative("5.0", "MQTT-3.1.2-18")]
    [Normative("5.0", "MQTT-3.1.2-19")]
    [Normative("5.0", "MQTT-3.1.3-1")]
    [Normative("5.0", "MQTT-3.1.3-3")]
    [Normative("5.0", "MQTT-3.1.3-4")]
    [Normative("5.0", "MQTT-3.1.3-11")]
    [Normative("5.0", "MQTT-3.1.3-12")]
    [Normative("5.0", "MQTT-3.1.4-1")]
    [Normative("5.0", "MQTT-4.7.0-1")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-2")]
    [Normative("3.1.1", "MQTT-1.5.3-1")]
    [Normative("3.1.1", "MQTT-1.5.3-2")]
    [Normative("3.1.1", "MQTT-1.5.3-3")]
    [Normative("3.1.1", "MQTT-3.1.2-3")]
    [Normative("3.1.1", "MQTT-3.1.2-9")]
    [Normative("3.1.1", "MQTT-3.1.2-11")]
    [Normative("3.1.1", "MQTT-3.1.2-13")]
    [Normative("3.1.1", "MQTT-3.1.2-14")]
    [Normative("3.1.1", "MQTT-3.1.2-15")]
    [Normative("3.1.1", "MQTT-3.1.2-18")]
    [Normative("3.1.1", "MQTT-3.1.2-19")]
    [Normative("3.1.1", "MQTT-3.1.2-20")]
    [Normative("3.1.1", "MQTT-3.1.2-21")]
    [Normative("3.1.1", "MQTT-3.1.2-22")]
    [Normative("3.1.1", "MQTT-3.1.3-1")]
    [Normative("3.1.1", "MQTT-3.1.3-3")]
    [Normative("3.1.1", "MQTT-3.1.3-4")]
    [Normative("3.1.1", "MQTT-3.1.3-10")]
    [Normative("3.1.1", "MQTT-3.1.3-11")]
    [Normative("3.1.1", "MQTT-4.7.1-1")]
    [Normative("3.1.1", "MQTT-4.7.3-1")]
    public void A_CONNECT_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, ConnectCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(ConnectCorpusTests), ConnectCorpus.Packets);
}
