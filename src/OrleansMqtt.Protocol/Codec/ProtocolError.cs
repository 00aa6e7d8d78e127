using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Why received bytes are refused: an expected failure as a value. Methods that return one return null for success.</summary>
/// <param name="Reason">The reason code that DISCONNECT or CONNACK names, at least 0x80.</param>
/// <param name="Description">What is wrong, for logs and reason strings; never contains received data.</param>
public sealed record ProtocolError(ReasonCode Reason, string Description);
