using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>The tables of reason codes, copied from the specification as numbers.</summary>
public sealed class ReasonCodesTests
{
    private const string ConnAckCodes = "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F";
    private const string DisconnectFromServer =
        "00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2";

    [Theory]
    [InlineData(PacketType.ConnAck, PublishOrigin.Server, ConnAckCodes)]
    [InlineData(PacketType.ConnAck, PublishOrigin.Client, "")]
    [InlineData(PacketType.PubAck, PublishOrigin.Server, "00 10 80 83 87 90 91 97 99")]
    [InlineData(PacketType.PubAck, PublishOrigin.Client, "00 80 83 87 90 91 97 99")]
    [InlineData(PacketType.PubRec, PublishOrigin.Server, "00 10 80 83 87 90 91 97 99")]
    [InlineData(PacketType.PubRec, PublishOrigin.Client, "00 80 83 87 90 91 97 99")]
    [InlineData(PacketType.PubRel, PublishOrigin.Server, "00 92")]
    [InlineData(PacketType.PubRel, PublishOrigin.Client, "00 92")]
    [InlineData(PacketType.PubComp, PublishOrigin.Server, "00 92")]
    [InlineData(PacketType.PubComp, PublishOrigin.Client, "00 92")]
    [InlineData(PacketType.SubAck, PublishOrigin.Server, "00 01 02 80 83 87 8F 91 97 9E A1 A2")]
    [InlineData(PacketType.SubAck, PublishOrigin.Client, "")]
    [InlineData(PacketType.UnsubAck, PublishOrigin.Server, "00 11 80 83 87 8F 91")]
    [InlineData(PacketType.UnsubAck, PublishOrigin.Client, "")]
    [InlineData(PacketType.Disconnect, PublishOrigin.Server, DisconnectFromServer)]
    [InlineData(PacketType.Disconnect, PublishOrigin.Client, "00 04 80 81 82 83 8C 90 93 94 95 96 97 98 99")]
    [InlineData(PacketType.Auth, PublishOrigin.Server, "00 18")]
    [InlineData(PacketType.Auth, PublishOrigin.Client, "18 19")]
    [InlineData(PacketType.Publish, PublishOrigin.Server, "")]
    [Normative("5.0", "MQTT-3.2.2-8")]
    [Normative("5.0", "MQTT-3.4.2-1")]
    [Normative("5.0", "MQTT-3.5.2-1")]
    [Normative("5.0", "MQTT-3.6.2-1")]
    [Normative("5.0", "MQTT-3.7.2-1")]
    [Normative("5.0", "MQTT-3.9.3-2")]
    [Normative("5.0", "MQTT-3.11.3-2")]
    [Normative("5.0", "MQTT-3.14.2-1")]
    [Normative("5.0", "MQTT-3.15.2-1")]
    public void Each_side_may_send_the_codes_of_its_table_and_no_others(PacketType type, PublishOrigin sender, string expected)
    {
        var allowed = Enumerable.Range(0, 256).Where(code => ReasonCodes.IsAllowed(type, (ReasonCode)code, sender)).Select(code => $"{code:X2}");
        Assert.Equal(expected, string.Join(' ', allowed));
    }

    [Theory]
    [InlineData(ConnectReturnCode.Accepted, 0x00)]
    [InlineData(ConnectReturnCode.UnacceptableProtocolVersion, 0x84)]
    [InlineData(ConnectReturnCode.IdentifierRejected, 0x85)]
    [InlineData(ConnectReturnCode.ServerUnavailable, 0x88)]
    [InlineData(ConnectReturnCode.BadUserNameOrPassword, 0x86)]
    [InlineData(ConnectReturnCode.NotAuthorized, 0x87)]
    public void Return_codes_of_3_1_1_map_to_reason_codes_and_back(ConnectReturnCode code, byte reason)
    {
        Assert.Equal((ReasonCode)reason, ReasonCodes.FromConnectReturnCode(code));
        Assert.Equal(code, ReasonCodes.ToConnectReturnCode((ReasonCode)reason));
    }

    [Fact]
    public void No_failure_becomes_an_accepting_return_code()
    {
        for (var code = 0x80; code <= 0xFF; code++)
            Assert.NotEqual(ConnectReturnCode.Accepted, ReasonCodes.ToConnectReturnCode((ReasonCode)code));
    }

    [Fact]
    public void Codes_from_0x80_up_are_failures()
    {
        for (var code = 0; code <= 0xFF; code++) Assert.Equal(code >= 0x80, ((ReasonCode)code).IsFailure());
    }
}
