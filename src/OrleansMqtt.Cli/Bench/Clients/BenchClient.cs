using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>
/// One connection: one loop that reads it, and the protocol's client machine. The machine does what is done once, connecting and
/// subscribing. The packets that come for each message go past it to an <see cref="IFrameReceiver"/>, because the machine makes objects of
/// them.
/// </summary>
/// <param name="receiver">Takes the packets about messages.</param>
/// <param name="time">Clock.</param>
/// <param name="bufferSize">Bytes to read at once: <see cref="BusyBuffer"/> or <see cref="IdleBuffer"/>.</param>
internal sealed partial class BenchClient(IFrameReceiver receiver, TimeProvider time, int bufferSize) : IAsyncDisposable
{
    /// <summary>How long CONNACK and SUBACK may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For a connection that carries many messages.</summary>
    public const int BusyBuffer = 65_536;

    /// <summary>For a connection that carries next to nothing: it holds no buffer while it waits.</summary>
    public const int IdleBuffer = 1_024;

    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    private readonly ClientConnection _machine = new(); // Under its own lock: the reading loop and requests use it.
    private readonly FrameReader _frames = new();
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;
    private Stream? _stream;
    private SendBuffer? _outgoing;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProtocolVersion _version;
    private bool _isConnected;
    private volatile bool _isClosing;

    /// <summary>The way out; there once connected.</summary>
    public SendBuffer Outgoing => _outgoing ?? throw new InvalidOperationException("Not connected.");

    /// <summary>What the broker takes.</summary>
    public ClientCapabilities Capabilities => _machine.Capabilities;

    /// <summary>When CONNACK was read.</summary>
    public long ConnAckAt { get; private set; }

    /// <summary>Ends with the connection: with a sentence if the other side ended it, null if this side did.</summary>
    public Task<string?> Ended => _ended.Task;

    /// <summary>Whether the connection is over.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>Connects, and waits for CONNACK.</summary>
    /// <returns>A sentence if it failed, or null.</returns>
    public async Task<string?> ConnectAsync(BrokerDoor broker, ConnectPacket packet, CancellationToken cancellationToken)
    {
        _version = packet.Version;
        try
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _stream = await broker.OpenAsync(_socket, cancellationToken);
        }
        catch (Exception exception) when (BrokerDoor.IsShut(exception))
        {
            return $"Could not connect to {broker.EndPoint}: {exception.Message.TrimEnd('.')}.";
        }

        _outgoing = new SendBuffer(_stream);
        lock (_machine) _machine.Connect(packet);
        SendRequest();
        _reading = ReadAsync(_stream);
        return await AnswerAsync("CONNACK", cancellationToken);
    }

    /// <summary>Subscribes, and waits for SUBACK.</summary>
    /// <returns>A sentence if it failed, also if the broker grants a lower QoS; or null.</returns>
    public async Task<string?> SubscribeAsync(string filter, QualityOfService qos, CancellationToken cancellationToken)
    {
        _answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_machine)
        {
            if (_machine.State != ClientConnectionState.Connected) return "The connection ended before SUBSCRIBE.";
            var request = _machine.Subscribe([new Subscription { Filter = filter, MaximumQoS = qos }]);
            if (request.Error is { } error) return $"Cannot subscribe: {error.Description}";
        }

        SendRequest();
        return await AnswerAsync("SUBACK", cancellationToken);
    }

    /// <summary>Keeps the connection alive.</summary>
    public void Ping() => Outgoing.Send(PacketEncoder.Encode(PingReqPacket.Instance, _version));

    /// <summary>Says DISCONNECT, waits a little for the broker to close, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        if (_socket is null) return;
        try
        {
            if (_outgoing is { IsBusy: false } && !_reading.IsCompleted)
            {
                lock (_machine)
                {
                    if (_machine.State != ClientConnectionState.Disconnected) _machine.Disconnect();
                }

                SendRequest();
                // A stream above it has its own last bytes.
                if (_stream is NetworkStream) _socket.Shutdown(SocketShutdown.Send);
                await _reading.WaitAsync(FarewellPatience, time);
            }
        }
        catch (Exception exception) when (exception is TimeoutException or SocketException or ObjectDisposedException)
        {
            // The broker leaves the closing to us, or was faster.
        }

        _socket.Dispose();
        if (_stream is not null) await _stream.DisposeAsync();
        await _reading;
        _ended.TrySetResult(null);
    }

    private async Task<string?> AnswerAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            return await _answer.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return $"No {what} came within {Patience.TotalSeconds:0} s.";
        }
    }

    private void SendRequest()
    {
        byte[] bytes;
        lock (_machine) bytes = _machine.GetOutboundData();
        if (bytes.Length > 0) Outgoing.Send(bytes);
    }

    private void End(string sentence)
    {
        _ended.TrySetResult(_isClosing ? null : sentence);
        _answer.TrySetResult(sentence);
    }

    private async Task ReadAsync(Stream stream)
    {
        var reader = PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(bufferSize: bufferSize, useZeroByteReads: bufferSize == IdleBuffer));
        var sentence = "The broker closed the connection.";
        FrameReader.Take take = TakePacket;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                var taken = _frames.Read(read.Buffer, take, time.GetTimestamp(), out var error);
                reader.AdvanceTo(taken, read.Buffer.End);
                receiver.EndBatch();
                if (error is not null) sentence = $"The broker broke the protocol: {error.Description}";
                if (error is not null || HasEnded || read.IsCompleted) break;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or WebSocketException or ObjectDisposedException)
        {
            sentence = $"The connection was lost: {(exception.InnerException ?? exception).Message.TrimEnd('.')}.";
        }

        lock (_machine) _machine.ConnectionLost(); // Before the answer is given, so that no request is made behind it.
        End(sentence);
        await reader.CompleteAsync();
    }
}
