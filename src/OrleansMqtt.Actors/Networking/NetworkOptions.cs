namespace OrleansMqtt.Actors.Networking;

/// <summary>Limits and times of a <see cref="PeerNetwork"/>.</summary>
internal sealed record NetworkOptions
{
    private const int MiB = 1024 * 1024;

    /// <summary>The longest body of a frame, in bytes, sent or received.</summary>
    public int MaxBodyBytes { get; init; } = 128 * MiB;

    /// <summary>While so many bytes of requests are unanswered on a connection, or so many bytes were not yet taken by the transport, further
    /// requests wait. The last that is let through may exceed it.</summary>
    public long WindowBytes { get; init; } = 16 * MiB;

    /// <summary>So many bytes of requests and one-way frames may wait per connection.</summary>
    public long QueueBytes { get; init; } = 256L * MiB;

    /// <summary>A connection ends when its peer leaves so many bytes of answers unread.</summary>
    public long UnreadBytes { get; init; } = 256L * MiB;

    /// <summary>After so long without a byte from the peer a ping is sent.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so long without a byte from the peer a connection ends; up to two ping intervals later.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long opening a connection may take, with TLS and handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an accepted connection may take to say who it is, with TLS.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many accepted connections may be in the handshake at once; one more is dropped.</summary>
    public int MaxHandshakes { get; init; } = 256;

    /// <summary>How long a peer is left alone after it could not be reached once; doubled each further time.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time that a peer is left alone.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the jitter of the back-off comes from.</summary>
    public Random Jitter { get; init; } = Random.Shared;

    /// <summary>Why a peer of this cluster is not let in all the same (it was declared dead); null lets it in.</summary>
    public Func<PeerIdentity, string?> Refuse { get; init; } = static _ => null;
}
