using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Tests.Harness;

/// <summary>A hand-made history. Each event happens a second behind the one before, unless told otherwise.</summary>
internal sealed class Tale
{
    private readonly List<HistoryEvent> _events = [];
    private double _at;

    public MessageHistory History => new(_events, Detection);

    /// <summary>What the broker is allowed to take until it notices the end of a connection, in seconds.</summary>
    public double Detection { get; init; }

    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>Sets the time of the next event.</summary>
    public Tale At(double seconds)
    {
        _at = seconds;
        return this;
    }

    public Tale Subscribed(string client, string filter, int qos = 2) => Add(new() { Kind = EventKind.Subscribed, Client = client, Topic = filter, QoS = qos });

    public Tale Published(string value, string topic = "m/a", int qos = 1, bool retain = false) => Add(new()
    {
        Kind = EventKind.Published,
        Client = "publisher",
        Topic = topic,
        Value = value,
        QoS = qos,
        Retain = retain ? true : null,
    });

    public Tale About(EventKind kind, string value) => Add(new() { Kind = kind, Client = "publisher", Value = value });

    public Tale Acknowledged(string value) => About(EventKind.Acknowledged, value);

    public Tale Completed(string value) => About(EventKind.Completed, value);

    /// <summary>A whole QoS 1 or QoS 2 publish.</summary>
    public Tale Sent(string value, string topic = "m/a", int qos = 1, bool retain = false)
    {
        Published(value, topic, qos, retain).Acknowledged(value);
        return qos == 2 ? Completed(value) : this;
    }

    public Tale Received(string client, string value, string topic = "m/a", int qos = 1) =>
        Add(new() { Kind = EventKind.Received, Client = client, Topic = topic, Value = value, QoS = qos });

    public Tale Connecting(string client, string? will = null, double delay = 0, bool cleanStart = false) => Add(new()
    {
        Kind = EventKind.Connecting,
        Client = client,
        CleanStart = cleanStart,
        Topic = will is null ? null : "w/a",
        Value = will,
        Delay = will is null ? null : delay,
    });

    public Tale Connected(string client, bool sessionPresent = true) =>
        Add(new() { Kind = EventKind.Connected, Client = client, SessionPresent = sessionPresent });

    public Tale Of(string client, EventKind kind) => Add(new() { Kind = kind, Client = client });

    public Tale Killed() => Of("", EventKind.Killing).Of("", EventKind.Killed);

    public Tale Back() => Of("", EventKind.Accepting);

    public Tale ReadStarted(string reader, string topic = "m/a") => Add(new() { Kind = EventKind.ReadStarted, Client = reader, Topic = topic });

    public Tale ReadFinished(string reader, string? value, string topic = "m/a") =>
        Add(new() { Kind = EventKind.ReadFinished, Client = reader, Topic = topic, Value = value });

    private Tale Add(HistoryEvent item)
    {
        _events.Add(item with { Number = _events.Count + 1, At = _at });
        _at++;
        return this;
    }
}
