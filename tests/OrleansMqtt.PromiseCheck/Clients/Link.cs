using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>One connection: sends packets, and gives those that come, for one user at a time. That it ends is a value, not an exception:
/// it will, by design of the check.</summary>
internal sealed class Link : IDisposable
{
    private const int ChunkLength = 16_384;
    private const ProtocolVersion Version = ProtocolVersion.V50;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private byte[] _bytes = new byte[ChunkLength];
    private int _start;
    private int _end;
    private Task<int>? _receiving;

    private Link(Socket socket, TimeProvider time) => (_socket, _time) = (socket, time);

    /// <summary>Connects; null if nobody listens there.</summary>
    public static async Task<Link?> OpenAsync(EndPoint broker, TimeProvider time, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(broker, stop);
            return new Link(socket, time);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException) return null;
            throw;
        }
    }

    /// <summary>Sends a packet. If the connection is over, nothing happens: the next <see cref="ReceiveAsync"/> tells.</summary>
    public async Task SendAsync(Packet packet, CancellationToken stop)
    {
        ReadOnlyMemory<byte> bytes = PacketEncoder.Encode(packet, Version);
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, stop)..];
        }
        catch (SocketException)
        {
            // The broker is gone. What it sent before may still be there to be read, and then its end.
        }
    }

    /// <summary>Waits for the next packet.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="stop">Ends the waiting with an exception.</param>
    public async Task<LinkReading> ReceiveAsync(TimeSpan patience, CancellationToken stop)
    {
        var deadline = _time.GetTimestamp() + (long)(patience.TotalSeconds * _time.TimestampFrequency);
        while (true)
        {
            var (packet, problem) = Parse();
            if (packet is not null) return new LinkReading(LinkState.Packet, packet, null);
            if (problem is not null) return new LinkReading(LinkState.Malformed, null, problem);
            _receiving ??= FillAsync();
            if (!_receiving.IsCompleted)
            {
                var rest = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
                if (rest <= TimeSpan.Zero || !await CompletesAsync(_receiving, rest, stop)) return new LinkReading(LinkState.Silent, null, null);
            }

            var count = await _receiving;
            _receiving = null;
            if (count == 0) return new LinkReading(LinkState.Ended, null, null);
            _end += count;
        }
    }

    /// <summary>Closes without a word.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task<bool> CompletesAsync(Task task, TimeSpan patience, CancellationToken stop)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = await Task.WhenAny(task, Task.Delay(patience, _time, waiting.Token));
        await waiting.CancelAsync();
        stop.ThrowIfCancellationRequested();
        return first == task;
    }

    /// <summary>Reads what has come, at least one byte; 0 if the connection is over.</summary>
    private async Task<int> FillAsync()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        try
        {
            return await _socket.ReceiveAsync(_bytes.AsMemory(_end));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return 0; // Reset by the dying broker, or closed by this side while the read was left pending.
        }
    }

    private (Packet? Packet, string? Problem) Parse()
    {
        var bytes = _bytes.AsSpan(_start, _end - _start);
        var status = FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out var error);
        if (status == FrameStatus.Invalid) return (null, error!.Description);
        if (status == FrameStatus.Incomplete) return (null, null);
        error = PacketDecoder.Decode(header.FirstByte, bytes[header.HeaderLength..header.TotalLength], Version, out var packet);
        _start += header.TotalLength;
        return (packet, error?.Description);
    }
}
