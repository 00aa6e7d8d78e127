using System.Buffers.Binary;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>A frame that the broker answers with, and what it means for the connection.</summary>
/// <param name="Bytes">The whole frame; empty for none.</param>
/// <param name="EndsStream">Whether nothing is read behind it.</param>
/// <param name="Problem">What the client has done wrong; null for nothing.</param>
internal sealed record ControlFrame(byte[] Bytes, bool EndsStream = false, string? Problem = null)
{
    /// <summary>Longest payload of a control frame.</summary>
    public const int MaximumBytes = 125;

    private const byte CloseByte = 0x88, PongByte = 0x8A;
    private const ushort NormalClosure = 1000, ProtocolError = 1002, UnacceptableData = 1003;

    /// <summary>No answer.</summary>
    public static ControlFrame Nothing { get; } = new([]);

    /// <summary>To a text message [MQTT-6.0.0-1].</summary>
    public static ControlFrame Text { get; } = new(Close(UnacceptableData), true, "it sent a text message");

    /// <summary>The broker's own end.</summary>
    public static ControlFrame Goodbye { get; } = new(Close(NormalClosure), true);

    /// <summary>To a ping.</summary>
    public static ControlFrame Pong(byte[] payload) => new([PongByte, (byte)payload.Length, .. payload]);

    /// <summary>To what the protocol does not allow.</summary>
    public static ControlFrame Breach(string problem) => new(Close(ProtocolError), true, problem);

    /// <summary>To a client's end: its own status, if that is one.</summary>
    public static ControlFrame Closed(byte[] payload)
    {
        if (payload.Length == 0) return new([CloseByte, 0], true);
        var status = payload.Length == 1 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        return status is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999) ? new(Close(status), true) : Breach("a close has no status");
    }

    private static byte[] Close(ushort status) => [CloseByte, 2, (byte)(status >> 8), (byte)status];
}
