namespace OrleansMqtt.Messages;

/// <summary>
/// The place of a message among those that one lane of a gateway sends to be routed. A lane that has lost its silo sends again, by way of another one, what the first
/// may have routed already: whoever is given a message twice knows by this.
/// </summary>
/// <param name="Lane">The lane: a random number that no other lane of any process has.</param>
/// <param name="Number">Rises with each message of the lane, from 1.</param>
/// <param name="Floor">Every number before this one has been answered to the lane, and is never sent again; at most <paramref name="Number"/>.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.LaneStamp")]
public readonly record struct LaneStamp([property: Id(0)] long Lane, [property: Id(1)] long Number, [property: Id(2)] long Floor);
