using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Examples;

public class CodecExampleTests
{
    [Fact]
    public void Packets_become_bytes_and_bytes_become_packets()
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Encode(output, new PublishPacket { Topic = "sensors/1", Payload = "20.5"u8.ToArray(), ContentType = "text/plain" }, ProtocolVersion.V50);
        PacketEncoder.Encode(output, PingReqPacket.Instance, ProtocolVersion.V50);

        var packets = new List<Packet>();
        var input = output.WrittenSpan;
        while (FrameHeader.TryParse(input, maximumPacketSize: 65_536, out var header, out var malformed) is not FrameStatus.Incomplete)
        {
            if (malformed is not null) throw new InvalidDataException($"0x{(byte)malformed.Reason:X2}: {malformed.Description}");
            var body = input[header.HeaderLength..header.TotalLength];
            if (PacketDecoder.Decode(header.FirstByte, body, ProtocolVersion.V50, out var packet) is { } error) throw new InvalidDataException(error.Description);
            packets.Add(packet!);
            input = input[header.TotalLength..];
        }

        var publish = Assert.IsType<PublishPacket>(packets[0]);
        Assert.Equal(("sensors/1", "text/plain"), (publish.Topic, publish.ContentType));
        Assert.IsType<PingReqPacket>(packets[1]);
        // What 3.1.1 says with a return code of its own.
        Assert.Equal(ConnectReturnCode.NotAuthorized, ReasonCodes.ToConnectReturnCode(ReasonCode.NotAuthorized));
    }
}
