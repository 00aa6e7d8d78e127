using System.Buffers;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

internal sealed partial class PeerConnection
{
    private readonly OutgoingBuffer _outgoing = new();
    private readonly Queue<HeldFrame> _held = new();
    private readonly Dictionary<long, UnansweredRequest> _unanswered = [];
    private long _unansweredBytes;
    private long _heldBytes;
    private int _owed;
    private bool _writing;

    /// <summary>Sends a frame, or lets it wait. From any thread; it never waits itself.</summary>
    /// <param name="kind">A request, a one-way frame or an answer.</param>
    /// <param name="correlation">Of a request: a number that no other unanswered request of this connection has. Of an answer: its request's.</param>
    /// <param name="body">Writes the body, before this method returns.</param>
    /// <param name="request">Comes back with the answer, or when there will be none.</param>
    /// <returns>What became of it. A request is settled later if, and only if, it was accepted.</returns>
    public SendResult Send<TBody>(FrameKind kind, long correlation, in TBody body, object? request = null)
        where TBody : IFrameBody, allows ref struct
    {
        SendResult result;
        bool flush;
        lock (_lock)
        {
            if (_end is not null)
            {
                return SendResult.Ended;
            }

            if (_writing)
            {
                throw new InvalidOperationException("A frame's body sends on the connection to which it is being written.");
            }

            _writing = true;
            try
            {
                result = kind.IsCall() ? Call(kind, correlation, body, request) : Answer(kind, correlation, body);
            }
            finally
            {
                _writing = false;
            }

            flush = StartFlush();
        }

        FlushIf(flush);
        if (result == SendResult.Ended)
        {
            Break();
        }

        return result;
    }

    /// <summary>Gives an unanswered request up: its sender does not wait any longer. Its bytes no longer count; an answer that comes all the
    /// same is dropped.</summary>
    /// <returns>Whether it was unanswered. If not, it is settled otherwise.</returns>
    public bool Abandon(long correlation)
    {
        bool flush;
        lock (_lock)
        {
            if (!_unanswered.Remove(correlation, out var unanswered))
            {
                return false;
            }

            if (unanswered.Held is { } held)
            {
                _heldBytes -= held.Bytes;
                held.Body = null;
            }

            _unansweredBytes -= unanswered.Length;
            LetOut();
            flush = StartFlush();
        }

        FlushIf(flush);
        return true;
    }

    private SendResult Call<TBody>(FrameKind kind, long correlation, in TBody body, object? request)
        where TBody : IFrameBody, allows ref struct
    {
        if (_saidGoodbye)
        {
            return SendResult.Leaving;
        }

        if (kind == FrameKind.Request && _unanswered.ContainsKey(correlation))
        {
            throw new ArgumentException($"An unanswered request has the correlation number {correlation} already.", nameof(correlation));
        }

        if (_held.Count > 0 || !MayGo(kind))
        {
            return Hold(kind, correlation, body, request);
        }

        var length = _outgoing.WriteFrame(kind, correlation, body, _options.MaxBodyBytes);
        if (length < 0)
        {
            return SendResult.TooLong;
        }

        NoteUnanswered(kind, correlation, length, request);
        return SendResult.Accepted;
    }

    private SendResult Answer<TBody>(FrameKind kind, long correlation, in TBody body)
        where TBody : IFrameBody, allows ref struct
    {
        if (!kind.IsAnswer())
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only requests, one-way frames and answers are sent.");
        }

        if (_owed == 0)
        {
            throw new InvalidOperationException("Every request of the peer has its answer already.");
        }

        if (EndIfUnread())
        {
            return SendResult.Ended;
        }

        if (_outgoing.WriteFrame(kind, correlation, body, _options.MaxBodyBytes) < 0)
        {
            return SendResult.TooLong;
        }

        _owed--;
        return SendResult.Accepted;
    }

    private SendResult Hold<TBody>(FrameKind kind, long correlation, in TBody body, object? request)
        where TBody : IFrameBody, allows ref struct
    {
        if (_heldBytes >= _options.QueueBytes)
        {
            return SendResult.QueueFull;
        }

        var bytes = new ArrayBufferWriter<byte>();
        body.Write(bytes);
        if (bytes.WrittenCount > _options.MaxBodyBytes)
        {
            return SendResult.TooLong;
        }

        // A copy, since the writer's memory may be twice as large as what counts.
        var held = new HeldFrame(kind, correlation, bytes.WrittenSpan.ToArray(), request);
        if (_held.Count > 0 && _heldBytes + held.Bytes > _options.QueueBytes)
        {
            return SendResult.QueueFull;
        }

        _held.Enqueue(held);
        _heldBytes += held.Bytes;
        if (kind == FrameKind.Request)
        {
            _unanswered.Add(correlation, new UnansweredRequest(request, 0, long.MaxValue, held));
        }

        return SendResult.Accepted;
    }

    private bool MayGo(FrameKind kind) => _context is not null
        && _outgoing.Length < _options.WindowBytes
        && (kind == FrameKind.OneWay || _unansweredBytes < _options.WindowBytes);

    /// <summary>Moves what may go from the queue to the outgoing buffer.</summary>
    private void LetOut()
    {
        while (_end is null && _held.TryPeek(out var held) && (held.Body is null || MayGo(held.Kind)))
        {
            _held.Dequeue();
            if (held.Body is { } body)
            {
                _heldBytes -= held.Bytes;
                var length = _outgoing.WriteFrame(held.Kind, held.Correlation, new BytesBody(body), _options.MaxBodyBytes);
                if (held.Kind == FrameKind.Request)
                {
                    _unanswered.Remove(held.Correlation);
                }

                NoteUnanswered(held.Kind, held.Correlation, length, held.Request);
            }
        }
    }

    private void NoteUnanswered(FrameKind kind, long correlation, int length, object? request)
    {
        if (kind == FrameKind.Request)
        {
            _unanswered.Add(correlation, new UnansweredRequest(request, length, _outgoing.Written, null));
            _unansweredBytes += length;
        }
    }

    private bool EndIfUnread()
    {
        if (_outgoing.Length < _options.UnreadBytes)
        {
            return false;
        }

        _end = new ConnectionEnd(EndKind.Unread, $"the peer left {_outgoing.Length} bytes unread");
        return true;
    }
}
