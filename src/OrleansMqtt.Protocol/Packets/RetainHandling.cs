namespace OrleansMqtt.Protocol.Packets;

/// <summary>When a subscription is sent the retained messages it matches (MQTT 5.0 section 3.8.3.1).</summary>
public enum RetainHandling : byte
{
    /// <summary>At each SUBSCRIBE. What 3.1 and 3.1.1 always do.</summary>
    SendAtSubscribe,

    /// <summary>At a SUBSCRIBE that makes a subscription which did not exist.</summary>
    SendIfNewSubscription,

    /// <summary>Never.</summary>
    DoNotSend,
}
