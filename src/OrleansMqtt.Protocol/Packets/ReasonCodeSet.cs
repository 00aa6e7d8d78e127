namespace OrleansMqtt.Protocol.Packets;

/// <summary>A set of reason codes as two bit masks: 0x00 to 0x3F, and 0x80 to 0xBF.</summary>
internal readonly struct ReasonCodeSet
{
    private readonly ulong _successes;
    private readonly ulong _failures;

    internal ReasonCodeSet(params ReadOnlySpan<ReasonCode> codes)
    {
        foreach (var code in codes)
        {
            if ((byte)code < 0x80) _successes |= 1UL << (byte)code;
            else _failures |= 1UL << ((byte)code - 0x80);
        }
    }

    internal bool Contains(ReasonCode code) => ((byte)code & 0xC0) switch
    {
        0x00 => (_successes >> (byte)code & 1) != 0,
        0x80 => (_failures >> ((byte)code - 0x80) & 1) != 0,
        _ => false,
    };
}
