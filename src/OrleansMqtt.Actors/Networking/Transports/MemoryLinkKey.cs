using System.Net;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>Two end points, whichever comes first.</summary>
internal readonly record struct MemoryLinkKey
{
    private MemoryLinkKey(EndPoint one, EndPoint other)
    {
        One = one;
        Other = other;
    }

    public EndPoint One { get; }

    public EndPoint Other { get; }

    public static MemoryLinkKey Of(EndPoint one, EndPoint other) =>
        string.CompareOrdinal(one.ToString(), other.ToString()) <= 0 ? new(one, other) : new(other, one);
}
