using System.Buffers;
using OrleansMqtt.Gateway.Limits;

namespace OrleansMqtt.Gateway.Delivery;

// How a client gets no more in a second than its rates allow: what may not go yet stays here, as for a slow client.
internal sealed partial class Outbox
{
    private OutboundRate? _rate;
    // What the rate has allowed to go, and what the transport has been given and has not taken.
    private int _allowed, _inFlight;
    // What has gone of the first buffer.
    private int _skipped;

    /// <summary>From now on no more goes out than a rate allows, if none does already.</summary>
    /// <param name="create">Makes the rate of what asks again for a flush.</param>
    public void Pace(Func<Action, OutboundRate> create)
    {
        lock (Gate) _rate ??= create(FlushPaced);
    }

    /// <summary>From now on everything goes out that the transport takes; to be followed by a flush.</summary>
    public void Unpace()
    {
        lock (Gate) _rate = null;
    }

    /// <summary>What has been written last is a message. Under <see cref="Gate"/>.</summary>
    public void EndMessage() => _rate?.Wrote(PendingBytes - _inFlight);

    private void FlushPaced()
    {
        lock (Gate) _rate?.GoOn();
        Flush();
    }

    // Under the gate, while nothing is in flight.
    private bool MayFlush()
    {
        if (_rate is null) return true;
        _allowed = _rate.Take(PendingBytes);
        return _allowed > 0;
    }

    // Gives the transport what is allowed of what waits; false, and nothing given, where that is everything.
    private bool TryWritePart(out int bytes)
    {
        lock (Gate)
        {
            bytes = 0;
            if (_rate is null || _allowed >= PendingBytes) return false;
            bytes = _inFlight = _allowed;
            WritePart(bytes);
            return true;
        }
    }

    private void WritePart(int bytes)
    {
        while (bytes > 0)
        {
            var isFull = _full is { Count: > 0 };
            var (buffer, length) = isFull ? _full![0] : (_chunk!, _length);
            var count = Math.Min(bytes, length - _skipped);
            output.Write(buffer.AsSpan(_skipped, count));
            (bytes, _skipped) = (bytes - count, _skipped + count);
            if (_skipped < length) return;
            ArrayPool<byte>.Shared.Return(buffer);
            if (isFull) _full!.RemoveAt(0);
            else (_chunk, _length) = (null, 0);
            _skipped = 0;
        }
    }
}
