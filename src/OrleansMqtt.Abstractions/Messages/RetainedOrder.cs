namespace OrleansMqtt.Messages;

/// <summary>
/// Where a message that is to be retained stands among those of its publisher. A router that was given up may come late with it, when the publisher, by way of another one or after it has connected again,
/// has had later ones stored: values must not go back. Kept with the retained message, so that it is known also where its topic grain has begun anew.
/// </summary>
/// <param name="Number">The publisher's connection, by a number higher than that of the one before, and which message of the connection that is to be retained it is, counted from 1.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RetainedOrder")]
public sealed record RetainedOrder([property: Id(0)] MessageNumber Number)
{
    /// <summary>The count of a connection's will, which comes behind everything that it has published.</summary>
    public const long Will = long.MaxValue;

    /// <summary>As <see cref="RetainedOrder(MessageNumber)"/>.</summary>
    public RetainedOrder(long epoch, long count)
        : this(new MessageNumber(epoch, count))
    {
    }

    /// <summary>Whether this one comes after the other.</summary>
    public bool IsAfter(RetainedOrder other) => Number > other.Number;
}
