using System.Text.Json;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Vectors;

/// <summary>The kind of a vector says what its suite asserts of it. <c>parse_error</c>: these bytes are refused. <c>generate_error</c>: this
/// object is refused. <c>parse_only</c>: the bytes are this object. <c>generate_only</c>: the object is written as these bytes.
/// <c>parse_generate</c>, <c>parse_generate_defaults</c> and <c>parse_and_generate</c>: both.</summary>
public sealed class PacketVectorTests
{
    private const string Absent = "(file absent)";

    /// <summary>Vectors that contradict the specification, or leave it to another layer: what we do instead stands in
    /// <see cref="We_keep_to_the_specification_where_a_vector_does_not"/>.</summary>
    private static readonly Dictionary<string, string> Contradictions = new()
    {
        ["11 connect MQTT bridge 132"] = "Level 4 belongs to the name MQTT, not MQIsdp (3.1.1 section 3.1.2.1).",
        ["21 Version 4 CONACK in Version 5 mode"] = "CONNACK of 5.0 has a property length [MQTT-2.2.2-1] and no reason code 0x01 [MQTT-3.2.2-8].",
        ["26 Version 5 CONNACK test 1"] = "CONNACK of 5.0 has a reason code and a property length (section 3.2.2).",
        ["27 Version 5 CONNACK test 2"] = "CONNACK of 5.0 has a property length [MQTT-2.2.2-1]; only acknowledgements of PUBLISH may leave it out.",
        ["47 Cannot parse username"] = "A 3.1 packet: there the remaining length takes precedence over the user name flag (3.1 section 3.1).",
        ["62 connack MQTT 5 with properties"] = "Maximum QoS is 0 or 1; 2 is a protocol error (section 3.2.2.3.4).",
        ["63 connack MQTT 5 with properties and doubled user properties"] = "Maximum QoS is 0 or 1; 2 is a protocol error (section 3.2.2.3.4).",
        ["137 clientId must be supplied before 3.1.1"] = "An empty identifier can be written; the server answers it with return code 2.",
        ["138 clientId must be given if cleanSession set to 0"] = "An empty identifier can be written; the server answers it with return code 2 [MQTT-3.1.3-8].",
    };

    public static TheoryData<string> Names => PacketVectors.ByName.Count == 0 ? [Absent] : [.. PacketVectors.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_is_understood_as_its_suite_understands_it(string name)
    {
        Assert.SkipWhen(name == Absent, "shared/vectors/mqtt-packet-vectors.json is not beside a directory above the test assembly.");
        var vector = PacketVectors.ByName[name];
        Assert.SkipWhen(Contradictions.TryGetValue(name, out var reason), $"Contradicts the specification: {reason}");
        var version = (ProtocolVersion)Math.Max(vector.GetProperty("version").GetByte(), (byte)3);
        switch (vector.GetProperty("kind").GetString())
        {
            case "parse_error":
                AssertRefused(Bytes(vector), version);
                break;
            case "generate_error":
                AssertNotWritten(vector.GetProperty("packet"), version);
                break;
            case "parse_only":
                AssertParsed(vector, version);
                break;
            case "generate_only":
                AssertWritten(vector, version);
                break;
            case "parse_generate" when vector.TryGetProperty("hex_prefix", out var prefix):
                AssertLargest(vector, Convert.FromHexString(prefix.GetString()!));
                break;
            case "parse_generate" or "parse_generate_defaults" or "parse_and_generate":
                AssertParsed(vector, version);
                AssertWritten(vector, version);
                break;
            case var kind:
                Assert.Fail($"Kind {kind} is not known.");
                break;
        }
    }

    [Fact]
    public void We_keep_to_the_specification_where_a_vector_does_not()
    {
        Assert.SkipWhen(PacketVectors.ByName.Count == 0, "shared/vectors/mqtt-packet-vectors.json is not beside a directory above the test assembly.");
        foreach (var name in Contradictions.Keys)
        {
            var vector = PacketVectors.ByName[name];
            var version = (ProtocolVersion)vector.GetProperty("version").GetByte();
            if (vector.GetProperty("kind").GetString() == "parse_error") Frames.DecodeValid(Bytes(vector), version);
            else if (vector.TryGetProperty("hex", out _)) AssertRefused(Bytes(vector), version);
            else AssertEmptyIdentifierCanBeWritten(vector.GetProperty("packet"), version);
        }
    }

    private static byte[] Bytes(JsonElement vector) => Convert.FromHexString(vector.GetProperty("hex").GetString()!);

    private static void AssertRefused(byte[] bytes, ProtocolVersion version)
    {
        // Bytes after the packet do not count: some of these vectors announce less than they hold.
        var status = FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out var error);
        if (status == FrameStatus.Complete)
            error = PacketDecoder.Decode(header.FirstByte, bytes.AsSpan(header.HeaderLength, header.BodyLength), version, out _);
        Assert.NotNull(error);
    }

    private static void AssertNotWritten(JsonElement json, ProtocolVersion version)
    {
        if (json.Optional("payload")?.Optional("length") is { } length)
        {
            Assert.Throws<ArgumentException>(() =>
                PublishEncoder.GetLength(version, QualityOfService.AtMostOnce, "test".Length, 0, false, [], 0, length.GetInt32()));
            return;
        }

        var refusal = Record.Exception(() => PacketEncoder.Encode(VectorPacket.Create(json, version), version));
        // The encoder refuses (ArgumentException), or our types cannot hold the value that JavaScript's could.
        Assert.True(refusal is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException, $"{refusal}");
    }

    private static void AssertParsed(JsonElement vector, ProtocolVersion version)
    {
        var expected = VectorPacket.Create(vector.GetProperty("packet"), version);
        Assert.Equal(PacketText.Describe(expected), PacketText.Describe(Frames.DecodeValid(Bytes(vector), version)));
    }

    private static void AssertWritten(JsonElement vector, ProtocolVersion version)
    {
        var bytes = Bytes(vector);
        var packet = VectorPacket.Create(vector.GetProperty("packet"), version);
        var written = PacketEncoder.Encode(packet, version);
        // The order of properties has no significance (MQTT 5.0 section 2.2.2.2), and an empty section at the end may be left out.
        var leavesOut = packet is AcknowledgementPacket or DisconnectPacket && bytes[^1] == 0 && written.Length < bytes.Length;
        Assert.True(leavesOut || written.Length == bytes.Length, $"{Convert.ToHexString(written)} instead of {Convert.ToHexString(bytes)}");
        if (version != ProtocolVersion.V50) Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(written));
        Assert.Equal(PacketText.Describe(Frames.DecodeValid(bytes, version)), PacketText.Describe(Frames.DecodeValid(written, version)));
    }

    /// <summary>The largest packet there is; its quarter of a gigabyte is not built for a test of lengths.</summary>
    private static void AssertLargest(JsonElement vector, byte[] prefix)
    {
        var payload = vector.GetProperty("packet").GetProperty("payload").GetProperty("length").GetInt32();
        var total = vector.GetProperty("length").GetInt32();
        Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryParse(prefix, uint.MaxValue, out var header, out _));
        Assert.Equal(total, header.TotalLength);
        Assert.Equal(total, PublishEncoder.GetLength(ProtocolVersion.V311, QualityOfService.AtMostOnce, "test".Length, 0, false, [], 0, payload));
    }

    private static void AssertEmptyIdentifierCanBeWritten(JsonElement json, ProtocolVersion version)
    {
        var packet = VectorPacket.Create(json, version);
        Assert.Equal("", Assert.IsType<ConnectPacket>(Frames.DecodeValid(PacketEncoder.Encode(packet, version), version)).ClientId);
    }
}
