namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>What became of a frame that was to be sent.</summary>
internal enum SendResult
{
    /// <summary>It is on its way, or waits in the queue; what becomes of it is told later.</summary>
    Accepted,

    /// <summary>Too many bytes wait already; it was not sent.</summary>
    QueueFull,

    /// <summary>Its body is longer than allowed; it was not sent.</summary>
    TooLong,

    /// <summary>One of the two sides has said goodbye; the call was not sent.</summary>
    Leaving,

    /// <summary>The connection has ended; it was not sent.</summary>
    Ended,
}
