using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class UnsubscribeCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(UnsubscribeCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.10.1-1")]
    [Normative("5.0", "MQTT-3.10.3-1")]
    [Normative("5.0", "MQTT-3.10.3-2")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("3.1.1", "MQTT-2.3.1-1")]
    [Normative("3.1.1", "MQTT-3.10.1-1")]
    [Normative("3.1.1", "MQTT-3.10.3-1")]
    [Normative("3.1.1", "MQTT-3.10.3-2")]
    [Normative("3.1.1", "MQTT-4.7.3-1")]
    public void An_UNSUBSCRIBE_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, UnsubscribeCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(UnsubscribeCorpusTests), UnsubscribeCorpus.Packets);
}
