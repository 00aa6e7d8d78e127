using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class DisconnectCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(DisconnectCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.14.1-1")]
    [Normative("5.0", "MQTT-3.14.2-1")]
    [Normative("3.1.1", "MQTT-3.14.1-1")]
    public void A_DISCONNECT_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, DisconnectCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(DisconnectCorpusTests), DisconnectCorpus.Packets);
}
