using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Connections;

// What the limits have to do with one connection.
internal sealed partial class ClientConnection : IHalfOpen
{
    private LinkedListNode<IHalfOpen>? _halfOpen;
    private ulong _place;
    private bool _hasPlace;
    private volatile InboundRate? _rate;
    private UserFlow? _user;

    /// <summary>Bytes that wait for the client.</summary>
    public long WaitingBytes => Subscriber?.WaitingBytes ?? 0;

    /// <inheritdoc/>
    public void Shed()
    {
        _context.Metrics.CountRefused(RefusalKind.HalfOpenConnections);
        Close(ReasonCode.ServerBusy, "too many connections without CONNECT");
    }

    /// <summary>Which limit a message of the client is beyond; null where it is to be taken. Counts it, and has the client wait where it is too fast.</summary>
    public Refusal? Examine(in PublishFrame frame) =>
        (_context.Guards.Publish is { } limits ? limits.Examine(in frame, Mount is null ? frame.Topic : Mount.Remove(frame.Topic)) : null) ?? (_rate is { } rate ? ExamineRate(rate, in frame) : null);

    /// <summary>The client has connected, or the rates have become others.</summary>
    public void UseRates()
    {
        lock (_entering)
        {
            if (_detached || Subscriber is null) return;
            var rates = _context.Limits.Rates;
            if (!rates.LimitIn && !rates.LimitOut) return;
            var guards = _context.Guards;
            if (Identity.UserName is { } user) _user ??= guards.Users.Enter(user);
            if (rates.LimitIn) _rate ??= new InboundRate(guards.Limits, guards.Pauses, _context.Time, _user);
            if (rates.LimitOut) _outbox.Pace(flush => new OutboundRate(guards.Limits, guards.Pauses, _context.Time, _user, flush));
        }
    }

    private Refusal? ExamineRate(InboundRate rate, in PublishFrame frame)
    {
        var bytes = frame.Topic.Length + frame.Properties.Length + frame.Payload.Length;
        var policy = rate.Policy;
        if (policy == OverRatePolicy.Disconnect && !rate.Has(bytes))
            return new Refusal(RefusalKind.PublishRate, ReasonCode.MessageRateTooHigh, "it publishes too fast", EndsConnection: true);
        // To 3.x clients nobody can say so.
        if (policy == OverRatePolicy.Refuse && Version == ProtocolVersion.V50)
        {
            if (!rate.Has(bytes)) return new Refusal(RefusalKind.PublishRate, ReasonCode.QuotaExceeded, "it publishes too fast", EndsConnection: false);
            rate.Take(1, bytes);
            return null;
        }
        rate.Take(1, bytes);
        if (policy != OverRatePolicy.Disconnect && rate.IsOver) _protocol.Pause();
        return null;
    }

    // What is no message counts as well: nobody gets more than his bytes by sending something else.
    private void CountOtherBytes(long bytes)
    {
        if (_rate is not { } rate) return;
        rate.TakeOther(bytes);
        if (rate.Policy == OverRatePolicy.HoldBack && rate.IsOver) _protocol.Pause();
    }

    private void TakePlace(Arrival? arrival)
    {
        if (arrival is { } known) (_hasPlace, _place) = (known.HasPlace, known.Place);
        else _hasPlace = _context.Guards.Addresses.TryEnter(_transport.RemoteEndPoint, out _place);
    }

    // Once, at the very end.
    private void LeaveAddress() => _context.Guards.Addresses.Leave(_place);

    private void LeaveHalfOpen()
    {
        if (_halfOpen is not { } node) return;
        _halfOpen = null;
        _context.Guards.HalfOpen.Leave(node);
    }

    // Behind Detach: nobody begins to use rates any more.
    private void LeaveRates()
    {
        LeaveHalfOpen();
        _rate?.GiveUp();
        // What is left to say is said at once.
        _outbox.Unpace();
        if (_user is not null) _context.Guards.Users.Leave(_user);
    }
}
