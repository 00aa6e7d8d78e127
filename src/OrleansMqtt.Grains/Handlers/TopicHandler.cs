using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Grains.Handlers.Routes;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>A handler that is deployed with this silo.</summary>
internal sealed class TopicHandler
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);

    /// <summary>Its name in metrics, logs and its dead-letter topic.</summary>
    public required string Name { get; init; }

    public required Type Class { get; init; }

    public required GrainType GrainType { get; init; }

    public required TopicTemplate Template { get; init; }

    public required KeyTemplate Key { get; init; }

    public required HandlerMethod Method { get; init; }

    /// <summary>What makes it a filter; null for one that is none.</summary>
    public required FilterRole? Filter { get; init; }

    public required AckMode Ack { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int Attempts { get; init; }

    public required TimeSpan BackOff { get; init; }

    public HandlerCounts Counts { get; } = new();

    /// <summary>Whether it is mapped code, which runs in the silo that routes the message, and not a grain.</summary>
    public bool IsRoute => Class == typeof(RouteRunner);

    /// <summary>Where it comes from, in the words of problems.</summary>
    public string Origin => IsRoute ? "Mapped code" : Class.ToString();

    /// <summary>The topics and keys that it has in common with another one, if they are equal; null where it may have them in common.</summary>
    public string? Canonical => IsRoute ? null : $"{Template.Filter} {Key.Canonical} {Filter?.Order}";

    /// <summary>The pause after so many failures, from 1.</summary>
    public TimeSpan PauseAfter(int failures)
    {
        var pause = BackOff * Math.Pow(2, Math.Min(failures - 1, 30));
        return pause < LongestBackOff ? pause : LongestBackOff;
    }

    public override string ToString() => Name;
}
