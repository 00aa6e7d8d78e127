using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Corpus;

public sealed class AuthCorpusTests : CorpusTests
{
    public static TheoryData<string> Packets => Names(AuthCorpus.Packets);

    [Theory]
    [MemberData(nameof(Packets))]
    [Normative("5.0", "MQTT-3.15.1-1")]
    [Normative("5.0", "MQTT-3.15.2-1")]
    public void An_AUTH_of_the_corpus_is_decoded_or_refused_as_it_says(string name) => Check(name, AuthCorpus.Packets);

    [Fact]
    public void Each_statement_claimed_is_named_by_a_packet() => CheckClaims(typeof(AuthCorpusTests), AuthCorpus.Packets);
}
