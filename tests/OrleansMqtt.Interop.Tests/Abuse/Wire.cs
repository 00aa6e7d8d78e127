using System.Buffers.Binary;
using System.Text;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>Bytes of MQTT 3.1.1 packets, written by hand: an attacker uses no client library.</summary>
internal static class Wire
{
    public static byte[] PingReq { get; } = [0xC0, 0];

    public static byte[] Connect(string clientId, bool clean = true, string? userName = null, string? password = null)
    {
        byte flags = (byte)((clean ? 0x02 : 0) | (userName is null ? 0 : 0x80) | (password is null ? 0 : 0x40));
        byte[] body = [0, 4, .. "MQTT"u8, 4, flags, 0, 0, .. Text(clientId), .. userName is null ? [] : Text(userName), .. password is null ? [] : Text(password)];
        return Packet(0x10, body);
    }

    public static byte[] Subscribe(ushort packetId, byte qos, params IEnumerable<string> filters) =>
        Packet(0x82, [.. Number(packetId), .. filters.SelectMany(filter => (byte[])[.. Text(filter), qos])]);

    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, ushort packetId = 0, bool retain = false) =>
        Packet((byte)(0x30 | (packetId == 0 ? 0 : 2) | (retain ? 1 : 0)), [.. Text(topic), .. packetId == 0 ? [] : Number(packetId), .. payload]);

    public static byte[] PubAck(ushort packetId) => Packet(0x40, Number(packetId));

    /// <summary>A first byte and a remaining length; what it announces is up to the caller.</summary>
    public static byte[] Header(byte first, int remaining)
    {
        List<byte> header = [first];
        do
        {
            var digit = (byte)(remaining & 0x7F);
            remaining >>= 7;
            header.Add(remaining > 0 ? (byte)(digit | 0x80) : digit);
        }
        while (remaining > 0);
        return [.. header];
    }

    private static byte[] Packet(byte first, byte[] body) => [.. Header(first, body.Length), .. body];

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Number((ushort)bytes.Length), .. bytes];
    }

    private static byte[] Number(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
