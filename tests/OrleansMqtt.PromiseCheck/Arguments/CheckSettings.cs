using System.Net;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>What the command line asks for.</summary>
internal sealed record CheckSettings
{
    /// <summary>Where the broker listens: one place, or several that are the same broker.</summary>
    public required IReadOnlyList<EndPoint> Targets { get; init; }

    /// <summary>Whether a kill may leave a part of the broker running.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Kills the broker; there if there are cycles.</summary>
    public string? Kill { get; init; }

    /// <summary>Starts it again; there if there are cycles.</summary>
    public string? Restart { get; init; }

    /// <summary>How often it is killed.</summary>
    public required int Cycles { get; init; }

    /// <summary>Seconds between two kills, on average.</summary>
    public required double Interval { get; init; }

    /// <summary>Decides everything that chance decides, and begins client identifiers and topics.</summary>
    public required int Seed { get; init; }

    /// <summary>Publishers at each of QoS 1 and 2.</summary>
    public required int Publishers { get; init; }

    /// <summary>Topics of each publisher.</summary>
    public required int Topics { get; init; }

    /// <summary>Messages per second of each publisher.</summary>
    public required double Rate { get; init; }

    /// <summary>Messages of a publisher under way at most.</summary>
    public required int Window { get; init; }

    /// <summary>Least bytes of a payload.</summary>
    public required int Size { get; init; }

    /// <summary>Subscribers at each of QoS 1 and 2.</summary>
    public required int Subscribers { get; init; }

    /// <summary>Retained topics that one client writes.</summary>
    public required int Registers { get; init; }

    /// <summary>Retained topics that several clients write.</summary>
    public required int SharedRegisters { get; init; }

    /// <summary>Readers of retained topics.</summary>
    public required int Readers { get; init; }

    /// <summary>Clients with wills.</summary>
    public required int Wills { get; init; }

    /// <summary>Delay of those wills that have one, in seconds.</summary>
    public required int WillDelay { get; init; }

    /// <summary>How long the broker may take to notice that a connection has ended, in seconds.</summary>
    public double Detection { get; init; }

    /// <summary>Seconds without a receipt after which nothing more is expected at the end.</summary>
    public required double Quiet { get; init; }

    /// <summary>Offending histories to show, of each kind.</summary>
    public required int Show { get; init; }

    /// <summary>File for the history, or null.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>Whether the report is JSON.</summary>
    public required bool IsJson { get; init; }

    /// <summary>Begins client identifiers and topics, so that runs do not meet each other.</summary>
    public string Prefix => $"promise-{Seed:x8}";
}
