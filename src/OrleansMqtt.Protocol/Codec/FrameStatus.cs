namespace OrleansMqtt.Protocol.Codec;

/// <summary>What the bytes at hand are.</summary>
public enum FrameStatus
{
    /// <summary>At least one whole packet.</summary>
    Complete,

    /// <summary>The beginning of a packet; more bytes are needed.</summary>
    Incomplete,

    /// <summary>No packet, whatever follows.</summary>
    Invalid,
}
