using System.Net.Sockets;
using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>A connection by which anything may be sent.</summary>
internal sealed class Attacker : IDisposable
{
    /// <summary>Turns a hang into a failure, and decides nothing else.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly Stream _stream;

    private Attacker(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Attacker> OpenAsync(BrokerAddress broker, Func<Stream, Task<Stream>>? wrap = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(broker.Host, broker.Port, Stop);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            return new Attacker(socket, wrap is null ? stream : await wrap(stream));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection and is accepted as a client.</summary>
    public static async Task<Attacker> ConnectAsync(BrokerAddress broker, string clientId, bool clean = true, string? userName = null, string? password = null, Func<Stream, Task<Stream>>? open = null)
    {
        var attacker = await OpenAsync(broker, open);
        await attacker.SendAsync(Wire.Connect(clientId, clean, userName, password));
        var connAck = await attacker.ReceiveAsync(4);
        Assert.Equal([0x20, 2, 0], [connAck[0], connAck[1], connAck[3]]);
        return attacker;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, Stop);

    /// <summary>Sends as much as the broker takes: it may close at any moment.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next bytes, as many as asked for.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Stop).AsTask().WaitAsync(Guard, Stop);
        return bytes;
    }

    /// <summary>Everything until the broker closes the connection, which it must.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all, Stop).WaitAsync(Guard, Stop);
        }
        catch (IOException)
        {
            // A reset: what it had sent lay unread.
        }
        return all.ToArray();
    }

    /// <summary>Goes without a goodbye, with a reset.</summary>
    public void Dispose()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _stream.Dispose();
        _socket.Dispose();
    }
}
