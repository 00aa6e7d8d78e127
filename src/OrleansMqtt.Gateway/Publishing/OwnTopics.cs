using System.Runtime.CompilerServices;
using OrleansMqtt.Events;

namespace OrleansMqtt.Gateway.Publishing;

/// <summary>Topics that the broker alone publishes on (MQTT 5.0 section 4.7.2).</summary>
internal static class OwnTopics
{
    /// <summary>Whether a topic is one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(ReadOnlySpan<byte> topic) => !topic.IsEmpty && topic[0] == (byte)'$' && Is(topic);

    private static bool Is(ReadOnlySpan<byte> topic) => topic.StartsWith("$SYS/"u8) || EventTopic.IsEvent(topic);
}
