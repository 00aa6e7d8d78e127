using System.Buffers.Text;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>Reads what Redis sends to a subscriber (RESP2): arrays of strings and numbers, and single lines. What was read is valid until the next call.</summary>
internal sealed class RespReader(Stream stream)
{
    /// <summary>Redis by default closes subscribers for whom more waits than this.</summary>
    public const int LargestFrame = 32 << 20;

    private const int Smallest = 64 << 10, LargestKept = 1 << 20, MostParts = 8;
    private readonly Range[] _parts = new Range[MostParts];
    private byte[] _buffer = new byte[Smallest];
    private int _start, _end;

    /// <summary>How many parts the frame has that was read; of a line it is one.</summary>
    public int Count { get; private set; }

    /// <summary>One of them. A number is its digits.</summary>
    public ReadOnlySpan<byte> this[int part] => _buffer.AsSpan(_parts[part]);

    /// <summary>Reads the next frame, if all of it has come.</summary>
    /// <exception cref="IOException">It is an error of Redis', or nothing that Redis sends.</exception>
    public bool TryRead()
    {
        var position = _start;
        if (!TryReadLine(ref position, out var kind, out var line)) return false;
        if (kind == '-') throw new IOException($"Redis says: {System.Text.Encoding.UTF8.GetString(_buffer.AsSpan(line))}.");
        if (kind != '*')
        {
            (_parts[0], Count, _start) = (line, 1, position);
            return true;
        }
        var count = Number(line);
        if (count > MostParts) throw Unexpected();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadLine(ref position, out kind, out line)) return false;
            if (kind is '$' && Number(line) is var length)
            {
                if (_end - position < length + 2) return false;
                _parts[i] = position..(position + length);
                position += length + 2;
            }
            else if (kind == ':') _parts[i] = line;
            else throw Unexpected();
        }
        (Count, _start) = (count, position);
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">The connection has ended, or a frame is too large.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (read == 0) throw new EndOfStreamException("Redis has ended the connection.");
        _end += read;
    }

    private void MakeRoom()
    {
        var waiting = _end - _start;
        var size = waiting == 0 && _buffer.Length > LargestKept ? Smallest : waiting == _buffer.Length ? _buffer.Length * 2 : _buffer.Length;
        if (size > LargestFrame) throw new IOException($"A message is larger than {LargestFrame} bytes.");
        var target = size == _buffer.Length ? _buffer : new byte[size];
        _buffer.AsSpan(_start, waiting).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, waiting);
    }

    private bool TryReadLine(ref int position, out char kind, out Range line)
    {
        var length = _buffer.AsSpan(position, _end - position).IndexOf("\r\n"u8);
        (kind, line) = length > 0 ? ((char)_buffer[position], (position + 1)..(position + length)) : default;
        if (length == 0) throw Unexpected();
        if (length > 0) position += length + 2;
        return length > 0;
    }

    private int Number(Range line)
    {
        var digits = _buffer.AsSpan(line);
        // Null comes where a subscriber that has nothing left is told what it ended: we end nothing.
        return Utf8Parser.TryParse(digits, out int number, out var used) && used == digits.Length && number >= 0 ? number : throw Unexpected();
    }

    private static IOException Unexpected() => new("What came is nothing that Redis sends to a subscriber.");
}
