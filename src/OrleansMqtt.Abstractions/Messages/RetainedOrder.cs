namespace OrleansMqtt.Messages;

/// <summary>
/// Where a message that is to be retained stands among those of its publisher. A router that was given up may come late with it, when the publisher, by way of another one or after it has connected again,
/// has had later ones stored: values must not go back. Kept with the retained message, so that it is known also where its topic grain has begun anew.
/// </summary>
/// <param name="Epoch">The number of the publisher's connection, higher than that of the one before.</param>
/// <param name="Number">Rises with each message of the connection that is to be retained, from 1.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RetainedOrder")]
public sealed record RetainedOrder([property: Id(0)] long Epoch, [property: Id(1)] long Number)
{
    /// <summary>The number of a connection's will, which comes behind everything that it has published.</summary>
    public const long Will = long.MaxValue;

    /// <summary>Whether this one comes after the other.</summary>
    public bool IsAfter(RetainedOrder other) => Epoch != other.Epoch ? Epoch > other.Epoch : Number > other.Number;
}
