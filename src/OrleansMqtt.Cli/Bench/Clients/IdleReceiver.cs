using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>For a connection that neither publishes nor subscribes.</summary>
internal sealed class IdleReceiver : IFrameReceiver
{
    /// <summary>The one instance.</summary>
    public static readonly IdleReceiver Instance = new();

    private static readonly ProtocolError Unexpected =
        new(ReasonCode.ProtocolError, "A packet about a message came, though the client neither published nor subscribed.");

    /// <inheritdoc/>
    public ProtocolError? Publish(in PublishFrame frame, long now) => Unexpected;

    /// <inheritdoc/>
    public ProtocolError? Acknowledge(AcknowledgementFrame frame) => Unexpected;

    /// <inheritdoc/>
    public void EndBatch()
    {
    }
}
