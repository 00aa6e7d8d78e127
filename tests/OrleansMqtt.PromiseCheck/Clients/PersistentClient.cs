using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>A client that connects, converses, and connects again at once when the connection is lost.</summary>
/// <param name="surroundings">What it has around it.</param>
/// <param name="clientId">Its identifier.</param>
internal abstract class PersistentClient(Surroundings surroundings, string clientId)
{
    /// <summary>How long the session outlives a connection, in seconds: longer than any run.</summary>
    public const uint SessionExpiry = 86_400;

    /// <summary>How long an answer of the broker may take.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMilliseconds(250);

    private readonly TargetChoice _targets = new(surroundings.Targets, clientId);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasTried;
    private bool _hadConnection;

    /// <summary>Its identifier.</summary>
    public string ClientId { get; } = clientId;

    /// <summary>Ends when the client has what the run's beginning needs of it.</summary>
    public Task Ready => _ready.Task;

    /// <summary>What it has around it.</summary>
    protected Surroundings Surroundings { get; } = surroundings;

    /// <summary>Whether the broker is to keep the session. Without, each connection starts clean, and nothing is ever sent again.</summary>
    protected virtual bool IsPersistent => true;

    /// <summary>Whether the client has nothing left to do.</summary>
    protected virtual bool IsFinished => false;

    /// <summary>Whether the first connection asks for a clean start. Half the clients do, by their identifiers: a session is to be kept
    /// whichever way it began, and brokers have been seen to keep only those that began without.</summary>
    private bool BeginsClean => ClientId[^1] % 2 == 0;

    /// <summary>Runs until finished or stopped.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!IsFinished)
        {
            stop.ThrowIfCancellationRequested();
            using (var link = await Link.OpenAsync(_targets.Next(), Surroundings.Time, stop))
            {
                if (link is null) await FailAsync(RetryPause, stop);
                else if (await ConnectAsync(link, stop) is { } connAck) await ConverseAsync(link, connAck, stop);
            }

            await StayAwayAsync(stop);
        }
    }

    /// <summary>Uses a connection until it ends or the client leaves.</summary>
    protected abstract Task ConverseAsync(Link link, ConnAckPacket connAck, CancellationToken stop);

    /// <summary>The will of the next connection.</summary>
    protected virtual Will? NextWill() => null;

    /// <summary>Waits as long as the client wants to be away.</summary>
    protected virtual Task StayAwayAsync(CancellationToken stop) => Task.CompletedTask;

    /// <summary>The client has what the run's beginning needs of it.</summary>
    protected void SetReady() => _ready.TrySetResult();

    /// <summary>Appends to the history.</summary>
    protected void Record(HistoryEvent item) => Surroundings.History.Add(item with { Client = ClientId });

    /// <summary>Waits.</summary>
    protected Task PauseAsync(TimeSpan length, CancellationToken stop) => Task.Delay(length, Surroundings.Time, stop);

    /// <summary>Records the end of a connection that this client did not end.</summary>
    protected void RecordEnd(LinkReading reading)
    {
        var disconnect = (reading.Packet as DisconnectPacket)?.ReasonCode.ToString();
        if (reading.State == LinkState.Malformed) RecordMalformed(reading.Problem!);
        _targets.Fail();
        Record(new HistoryEvent { Kind = EventKind.Lost, Reason = reading.State == LinkState.Silent ? "no answer came" : disconnect });
    }

    /// <summary>Records that the broker sent what MQTT forbids.</summary>
    protected void RecordMalformed(string problem) => Record(new HistoryEvent { Kind = EventKind.Malformed, Reason = problem });

    /// <summary>Takes the next step of waiting: the packet, or null if the connection is over, which is then recorded; the broker's
    /// DISCONNECT counts as that.</summary>
    protected async Task<LinkReading?> NextAsync(Link link, TimeSpan patience, CancellationToken stop)
    {
        var reading = await link.ReceiveAsync(patience, stop);
        if (reading is { State: LinkState.Silent } or { State: LinkState.Packet, Packet: not DisconnectPacket }) return reading;
        RecordEnd(reading);
        return null;
    }

    /// <summary>Says DISCONNECT, and waits for the broker to close.</summary>
    protected async Task DisconnectAsync(Link link, CancellationToken stop)
    {
        Record(new HistoryEvent { Kind = EventKind.Disconnecting });
        await link.SendAsync(new DisconnectPacket(), stop);
        LinkReading reading;
        do reading = await link.ReceiveAsync(Patience, stop); // What was under way is not ours any more: it comes again, unacknowledged.
        while (reading.State == LinkState.Packet);
        Record(new HistoryEvent
        {
            Kind = EventKind.Disconnected,
            Reason = reading.State == LinkState.Silent ? "the broker did not close" : null,
        });
    }

    private Task FailAsync(TimeSpan pause, CancellationToken stop)
    {
        _targets.Fail();
        return PauseAsync(pause, stop);
    }

    private async Task<ConnAckPacket?> ConnectAsync(Link link, CancellationToken stop)
    {
        var will = NextWill();
        var isFirst = !_hasTried;
        var isClean = !IsPersistent || (BeginsClean && !_hadConnection);
        _hasTried = true;
        Record(new HistoryEvent
        {
            Kind = EventKind.Connecting,
            CleanStart = isClean,
            Topic = will?.Topic,
            Value = will is null ? null : MessageText.Read(will.Payload.Span),
            Delay = will?.DelayInterval,
        });
        var packet = new ConnectPacket
        {
            ClientId = ClientId,
            CleanStart = isClean,
            SessionExpiryInterval = IsPersistent ? SessionExpiry : 0,
            Will = will,
        };
        await link.SendAsync(packet, stop);
        var reading = await link.ReceiveAsync(Patience, stop);
        if (reading.Packet is not ConnAckPacket connAck)
        {
            if (reading.State == LinkState.Packet) RecordMalformed($"{reading.Packet!.Type} came before CONNACK.");
            RecordEnd(reading);
            return null;
        }

        if (connAck.ReasonCode.IsFailure())
        {
            Record(new HistoryEvent { Kind = EventKind.Refused, Reason = connAck.ReasonCode.ToString() });
            await FailAsync(RefusalPause, stop);
            return null;
        }

        if (isClean && connAck.SessionPresent) RecordMalformed("A session is present after a clean start."); // [MQTT-3.2.2-2]
        if (isFirst && connAck.SessionPresent)
        {
            Surroundings.Stage.Fail($"The broker has a session of {ClientId} already, of a run with the same --seed: choose another.");
            await PauseAsync(Patience, stop);
            return null;
        }

        _hadConnection = true;
        Record(new HistoryEvent { Kind = EventKind.Connected, SessionPresent = connAck.SessionPresent });
        return connAck;
    }
}
