using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>
/// A client that lives many lives, each a connection with a will of its own. Chance decides how a life ends - with DISCONNECT, by cutting
/// the connection, or by the kill that it waits for -, whether its will has a delay, and whether the client is back before it is over.
/// Finished after the life in which the run settles.
/// </summary>
internal sealed class WillClient(Surroundings surroundings, WillPlan plan) : PersistentClient(surroundings, plan.ClientId)
{
    private const double LongestLife = 1.5;
    private static readonly TimeSpan LookAround = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(plan.Seed);
    private long _lives;
    private uint _delay;
    private bool _wasConnected;
    private bool _isFinished;

    /// <inheritdoc/>
    protected override bool IsFinished => _isFinished;

    /// <inheritdoc/>
    protected override Will NextWill()
    {
        _delay = _random.Next(2) == 0 ? 0 : plan.Delay;
        return new Will
        {
            Topic = plan.Topic,
            Payload = MessageText.Write(MessageText.Of(plan.Name, ++_lives), plan.Size),
            QoS = QualityOfService.ExactlyOnce,
            DelayInterval = _delay,
        };
    }

    /// <inheritdoc/>
    protected override async Task ConverseAsync(Link link, ConnAckPacket connAck, CancellationToken stop)
    {
        SetReady();
        _wasConnected = true;
        var ending = _random.Next(4);
        var isWaiting = ending >= 2; // For a kill; if none comes in time, it leaves in order.
        var end = Surroundings.History.Now + (isWaiting ? plan.LongestWait : _random.NextDouble() * LongestLife);
        while (Surroundings.Stage.IsWorking && Surroundings.History.Now < end)
        {
            if (await NextAsync(link, LookAround, stop) is not { } reading) return;
            if (reading.State == LinkState.Packet) RecordMalformed($"{reading.Packet!.Type} came to a client that asked for nothing.");
        }

        if (ending == 0) Record(new HistoryEvent { Kind = EventKind.Dropped });
        else await DisconnectAsync(link, stop);
    }

    /// <inheritdoc/>
    protected override async Task StayAwayAsync(CancellationToken stop)
    {
        if (!_wasConnected) return;
        _wasConnected = false;
        _isFinished = !Surroundings.Stage.IsWorking;

        // Back well before a delay is over, or well behind it; at the end always that, so that every will that is due has come.
        var staysLong = _isFinished || _random.Next(2) == 0;
        await PauseAsync(TimeSpan.FromSeconds(staysLong ? _delay + plan.Detection + 2 : _random.NextDouble() / 4), stop);
        if (!_isFinished && !Surroundings.Stage.IsWorking) _isFinished = staysLong;
    }
}
