namespace OrleansMqtt.Gateway.Hosting;

/// <summary>What becomes of clients that come when a listener has as many connections as it may.</summary>
public enum WhenFull
{
    /// <summary>They get 0x89 Server busy.</summary>
    Refuse,

    /// <summary>They are not accepted until somebody leaves: their CONNECT lies in the network until then.</summary>
    Wait,
}
