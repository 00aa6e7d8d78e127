namespace OrleansMqtt.PromiseCheck.History;

/// <summary>What happened. What a client does is recorded before its bytes leave, what it is told after the bytes came: so an interval
/// between two events holds whatever the broker did about them.</summary>
internal enum EventKind
{
    /// <summary>CONNECT is about to be sent; with topic, value and delay of the will if there is one.</summary>
    Connecting,

    /// <summary>CONNACK came, with success.</summary>
    Connected,

    /// <summary>CONNACK came, with a refusal.</summary>
    Refused,

    /// <summary>The connection ended, and this client did not end it.</summary>
    Lost,

    /// <summary>The broker sent what MQTT forbids.</summary>
    Malformed,

    /// <summary>The client is about to cut its connection without DISCONNECT.</summary>
    Dropped,

    /// <summary>DISCONNECT is about to be sent: a normal one, which takes the will back.</summary>
    Disconnecting,

    /// <summary>The broker closed the connection behind DISCONNECT, or let the client wait too long for it.</summary>
    Disconnected,

    /// <summary>SUBACK granted a filter of a persistent session.</summary>
    Subscribed,

    /// <summary>PUBLISH is about to be sent for the first time.</summary>
    Published,

    /// <summary>PUBLISH is about to be sent again, with DUP.</summary>
    Resent,

    /// <summary>PUBACK or PUBREC came, with success: from here on the broker must not lose the message.</summary>
    Acknowledged,

    /// <summary>PUBCOMP came.</summary>
    Completed,

    /// <summary>PUBACK or PUBREC came, with a refusal.</summary>
    Rejected,

    /// <summary>The session is gone and the message's handshake with it: the client will not send it again.</summary>
    Abandoned,

    /// <summary>A message came that the client takes for new.</summary>
    Received,

    /// <summary>A message came under a QoS 2 packet identifier still in use, so the client takes it for a repetition.</summary>
    Suppressed,

    /// <summary>PUBREL came: from here on the client knows nothing of the identifier any more.</summary>
    Released,

    /// <summary>SUBSCRIBE is about to be sent, to read a retained message.</summary>
    ReadStarted,

    /// <summary>The retained message came, or surely none.</summary>
    ReadFinished,

    /// <summary>The read has no result: the connection was lost, or a live message overtook the retained one.</summary>
    ReadAbandoned,

    /// <summary>Something is about to fail: mostly the command that kills the broker is about to run.</summary>
    Killing,

    /// <summary>The broker is dead: its port refuses connections.</summary>
    Killed,

    /// <summary>What has failed is mended: the restarted broker's port accepts connections.</summary>
    Accepting,
}
