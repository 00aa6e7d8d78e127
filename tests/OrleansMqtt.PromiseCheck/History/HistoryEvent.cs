using System.Globalization;
using System.Text;

namespace OrleansMqtt.PromiseCheck.History;

/// <summary>One event of the history. Checkers need nothing else.</summary>
internal sealed record HistoryEvent
{
    /// <summary>Place in the history, from 1. The order of real time: of two events, the one that happened first has the smaller.</summary>
    public long Number { get; init; }

    /// <summary>Seconds since the history began, on a monotonic clock.</summary>
    public double At { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Client identifier; empty for what happened to the broker.</summary>
    public string Client { get; init; } = "";

    /// <summary>Topic of a message or will, or filter of a subscription.</summary>
    public string? Topic { get; init; }

    /// <summary>Payload without its padding. Each is published once in a run.</summary>
    public string? Value { get; init; }

    /// <summary>QoS of a packet or grant.</summary>
    public int? QoS { get; init; }

    /// <summary>Packet identifier.</summary>
    public int? PacketId { get; init; }

    /// <summary>DUP of a received message.</summary>
    public bool? Duplicate { get; init; }

    /// <summary>The retain flag.</summary>
    public bool? Retain { get; init; }

    /// <summary>Clean Start of CONNECT.</summary>
    public bool? CleanStart { get; init; }

    /// <summary>Session Present of CONNACK.</summary>
    public bool? SessionPresent { get; init; }

    /// <summary>Will Delay Interval, in seconds.</summary>
    public double? Delay { get; init; }

    /// <summary>A reason code's name, or a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The event as a short line for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{At,10:0.000} s  #{Number}  {Client}  {Kind}");
        Add("topic", Topic);
        Add("value", Value);
        Add("qos", QoS);
        Add("id", PacketId);
        Add("dup", Duplicate);
        Add("retain", Retain);
        Add("clean-start", CleanStart);
        Add("session-present", SessionPresent);
        Add("delay", Delay);
        Add("reason", Reason);
        return text.ToString();

        void Add(string name, object? value)
        {
            if (value is not null) text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
        }
    }
}
