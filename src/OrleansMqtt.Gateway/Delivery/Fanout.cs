using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// One publish on its way to many clients: each shape of the packet (5.0 or 3.x, quality of service, RETAIN) is encoded when the first
/// client needs it and copied for the others; only the packet identifier differs.
/// </summary>
internal ref struct Fanout(PublishView view, long now)
{
    private const int Shapes = 12;

    [ThreadStatic]
    private static byte[]?[]? _buffers;

    private readonly uint? _remaining = Message.RemainingSeconds(view.ExpiresAt, now);
    private ShapeLengths _lengths;
    private ShapeLengths _identifiers;

    /// <summary>The publish; <see cref="PublishView.ToMessage"/> is called on it, so that the message is made once.</summary>
    public PublishView View = view;

    /// <summary>Message Expiry Interval to send; null for none.</summary>
    public readonly uint? Remaining => _remaining;

    [System.Runtime.CompilerServices.InlineArray(Shapes)]
    private struct ShapeLengths
    {
        private int _first;
    }

    /// <summary>
    /// The packet for clients without topic alias and subscription identifiers; <paramref name="packetIdOffset"/> says where the packet identifier goes.
    /// Empty where it would be longer than MQTT can say: a message at the limit of the version it came by may be over that of another.
    /// </summary>
    public ReadOnlySpan<byte> Encode(ProtocolVersion version, QualityOfService qos, bool retain, out int packetIdOffset)
    {
        var shape = (version == ProtocolVersion.V50 ? 6 : 0) + (int)qos * 2 + (retain ? 1 : 0);
        var buffers = _buffers ??= new byte[Shapes][];
        if (_lengths[shape] == 0)
        {
            var length = PublishEncoder.Measure(version, qos, View.Topic.Length, 0, _remaining is not null, [], View.Properties.Length, View.Payload.Length);
            packetIdOffset = 0;
            if (length > PublishEncoder.MaximumLength) return default;
            if (buffers[shape] is not { } present || present.Length < length) buffers[shape] = new byte[Math.Max((int)length, 512)];
            _lengths[shape] = PublishEncoder.Write(buffers[shape], version, qos, retain, false, View.Topic, 1, 0, _remaining, [], View.Properties, View.Payload, out var offset);
            _identifiers[shape] = offset;
        }
        packetIdOffset = _identifiers[shape];
        return buffers[shape].AsSpan(0, _lengths[shape]);
    }

    /// <summary>Gives back buffers that a large message has grown.</summary>
    public static void Trim()
    {
        if (_buffers is not { } buffers) return;
        for (var i = 0; i < buffers.Length; i++)
            if (buffers[i] is { Length: > 65_536 }) buffers[i] = null;
    }
}
