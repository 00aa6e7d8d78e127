using OrleansMqtt.Routing;

namespace OrleansMqtt.Messages;

/// <summary>
/// What a message that may be published again after a crash is recognized by: a QoS 2 message that a persistent session has stored, or a
/// will. A log that has taken it once passes over every repeat, so that it arrives exactly once.
/// </summary>
/// <remarks>
/// Numbers of one source rise. <see cref="Floor"/> bounds what has to be remembered: nothing before it is ever published again.
/// </remarks>
/// <param name="Source">What numbers the messages: see <see cref="OfSession"/> and <see cref="OfWill"/>.</param>
/// <param name="Number">The message's number.</param>
/// <param name="Floor">The lowest number of this source that may still be published; at most <paramref name="Number"/>.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.MessageIdentity")]
public sealed record MessageIdentity([property: Id(0)] string Source, [property: Id(1)] MessageNumber Number, [property: Id(2)] MessageNumber Floor)
{
    /// <summary>The source of the QoS 2 messages that a client publishes.</summary>
    public static string OfSession(string clientId) => "session/" + clientId;

    /// <summary>The source of a client's wills.</summary>
    public static string OfWill(string clientId) => "will/" + clientId;

    private const string LanePrefix = "lane/";

    /// <summary>The source of the QoS 2 messages that come by a lane of a gateway and bear no identity of their own: a lost silo must not double them.</summary>
    public static string OfLane(string gateway, int lane) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{LanePrefix}{gateway}/{lane}");

    /// <summary>Whether the lane by which it comes has given it the identity.</summary>
    public bool IsOfLane => Source.StartsWith(LanePrefix, StringComparison.Ordinal);

    /// <summary>
    /// The identity of the copy that a member of a shared group gets. A session that has the same message by a subscription of its own as well gets both.
    /// </summary>
    public MessageIdentity By(SharedGroupKey group)
    {
        var copy = $"\n{(group.Ordered ? "$oshare" : "$share")}/{group.Group}/{group.Filter}";
        // It has it already where one member passes the message on to another.
        return Source.EndsWith(copy, StringComparison.Ordinal) ? this : this with { Source = Source + copy };
    }
}

/// <summary>The number of a message among those of one source. Numbers compare by epoch, then by count.</summary>
/// <param name="Epoch">Session epoch of the connection that brought the message; 0 or more.</param>
/// <param name="Count">Rises by one with each message of that connection; 0 or more.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.MessageNumber")]
public readonly record struct MessageNumber([property: Id(0)] long Epoch, [property: Id(1)] long Count) : IComparable<MessageNumber>
{
    /// <inheritdoc/>
    public int CompareTo(MessageNumber other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Count.CompareTo(other.Count);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(MessageNumber left, MessageNumber right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(MessageNumber left, MessageNumber right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(MessageNumber left, MessageNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(MessageNumber left, MessageNumber right) => left.CompareTo(right) >= 0;
}
