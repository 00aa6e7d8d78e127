namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What a client with wills does.</summary>
internal sealed record WillPlan
{
    /// <summary>Its client identifier.</summary>
    public required string ClientId { get; init; }

    /// <summary>Begins its payloads.</summary>
    public required string Name { get; init; }

    /// <summary>The topic of its wills.</summary>
    public required string Topic { get; init; }

    /// <summary>Delay of those that have one, in seconds.</summary>
    public required uint Delay { get; init; }

    /// <summary>Seconds that the broker may take to notice the end of a connection.</summary>
    public double Detection { get; init; }

    /// <summary>Longest life that waits for a kill, in seconds.</summary>
    public required double LongestWait { get; init; }

    /// <summary>Least bytes of a payload.</summary>
    public required int Size { get; init; }

    /// <summary>Decides what chance decides.</summary>
    public required int Seed { get; init; }
}
