using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class ConnectVersionTests
{
    [Theory]
    [InlineData("<MQIsdp>03", ProtocolVersion.V31)]
    [InlineData("<MQIsdp>83", ProtocolVersion.V31)]
    [InlineData("<MQTT>04", ProtocolVersion.V311)]
    [InlineData("<MQTT>0503FFFF", ProtocolVersion.V50)]
    public void The_version_of_a_refused_CONNECT_is_known(string body, ProtocolVersion expected)
    {
        Assert.NotNull(PacketDecoder.DecodeConnect(Notation.Parse(body), out _));
        Assert.True(PacketDecoder.TryPeekConnectVersion(Notation.Parse(body), out var version));
        Assert.Equal(expected, version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<MQTT>")]
    [InlineData("<MQTT>06")]
    [InlineData("<MQTX>05")]
    [InlineData("<MQIsdp>04")]
    public void There_may_be_none(string body) => Assert.False(PacketDecoder.TryPeekConnectVersion(Notation.Parse(body), out _));
}
