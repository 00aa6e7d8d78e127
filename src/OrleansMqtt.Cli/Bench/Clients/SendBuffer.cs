using System.Net.Sockets;
using System.Net.WebSockets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>
/// Bytes on their way into a connection. What is sent while that is busy goes together when it is free. Any thread may send. A failure is
/// left to the reading side, which sees it too.
/// </summary>
/// <param name="stream">The open connection.</param>
internal sealed class SendBuffer(Stream stream)
{
    private readonly Lock _lock = new();
    private byte[] _filling = [];
    private byte[] _leaving = [];
    private int _filled;
    private bool _isSending;
    private bool _hasFailed;

    /// <summary>Called when the connection, after it could not take everything at once, has taken all.</summary>
    public Action? Drained { get; set; }

    /// <summary>Whether bytes wait for the connection. Whoever sees this true gets <see cref="Drained"/> afterwards, unless sending fails.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock) return _isSending;
        }
    }

    /// <summary>Sends bytes, which are copied.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_hasFailed) return;
            if (_filled + bytes.Length > _filling.Length) Array.Resize(ref _filling, Math.Max(_filled + bytes.Length, 2 * _filling.Length));
            bytes.CopyTo(_filling.AsSpan(_filled));
            _filled += bytes.Length;
            if (_isSending) return;
            _isSending = true;
        }

        _ = DrainAsync();
    }

    private async Task DrainAsync()
    {
        try
        {
            while (TryTake(out var next)) await stream.WriteAsync(next);
        }
        catch (Exception exception) when (exception is IOException or SocketException or WebSocketException or ObjectDisposedException)
        {
            // Stays busy for ever, so that nobody sends more: the reading side is about to end the connection.
            lock (_lock) _hasFailed = true;
            return;
        }

        Drained?.Invoke();
    }

    private bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            bytes = _filling.AsMemory(0, _filled);
            (_filling, _leaving, _filled) = (_leaving, _filling, 0);
            return _isSending = bytes.Length > 0;
        }
    }
}
