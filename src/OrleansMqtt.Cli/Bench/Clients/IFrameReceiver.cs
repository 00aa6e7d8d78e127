using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Takes the packets that come for each message. Called by a connection's reading loop, one call at a time.</summary>
internal interface IFrameReceiver
{
    /// <summary>A message came.</summary>
    /// <param name="frame">Valid during the call only.</param>
    /// <param name="now">When its bytes were read.</param>
    /// <returns>What the broker did wrong, or null.</returns>
    ProtocolError? Publish(in PublishFrame frame, long now);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP came.</summary>
    /// <returns>What the broker did wrong, or null.</returns>
    ProtocolError? Acknowledge(AcknowledgementFrame frame);

    /// <summary>All that was read at once is taken in; now is the time to write.</summary>
    void EndBatch();
}
