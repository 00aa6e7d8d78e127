using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Fuzz;

public sealed class RandomBytesTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_bytes_under_any_first_byte_and_any_version_are_decoded_or_refused()
    {
        var seed = TestSeed.Take(output);
        var random = new Random(seed);
        var buffer = new byte[48];
        for (var round = 0; round < 300_000; round++)
        {
            var body = buffer.AsSpan(0, random.Next(buffer.Length + 1));
            random.NextBytes(body);
            // Small numbers make plausible lengths.
            for (var i = 0; i < body.Length; i++) if (random.Next(3) != 0) body[i] &= 0x07;
            var firstByte = (byte)random.Next(256);
            // Versions that do not exist too: the parameter may come from anywhere.
            var version = (ProtocolVersion)random.Next(2, 7);
            try
            {
                var error = PacketDecoder.Decode(firstByte, body, version, out var packet);
                Assert.NotEqual(error is null, packet is null);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, round {round}, {firstByte:X2} {version}, {Convert.ToHexString(body)}: {exception}");
            }
        }
    }
}
