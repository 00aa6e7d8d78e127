using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>What became of a published message on the publisher's side.</summary>
/// <param name="published">Its first sending.</param>
internal sealed class SentMessage(HistoryEvent published)
{
    /// <summary>Its first sending.</summary>
    public HistoryEvent Published { get; } = published;

    /// <summary>PUBACK at QoS 1, PUBREC at QoS 2; null if none came, or a refusal.</summary>
    public HistoryEvent? Acknowledged { get; set; }

    /// <summary>PUBCOMP.</summary>
    public HistoryEvent? Completed { get; set; }

    /// <summary>The refusal, or the loss of the session in which the handshake was under way.</summary>
    public HistoryEvent? GivenUp { get; set; }

    /// <summary>Whether it was published at QoS 2.</summary>
    public bool IsExactlyOnce => Published.QoS == 2;
}
