using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>
/// One publishing connection. Its loop writes as many messages at once as rate, window, receivers and socket allow, and sleeps while they
/// allow none. It is woken by whichever of them changes.
/// </summary>
internal sealed class Publisher : IFrameReceiver
{
    private readonly int _number;
    private readonly MessageSettings _settings;
    private readonly TimeProvider _time;
    private readonly PublishTemplate _template;
    private readonly AheadLimit? _ahead;
    private readonly AcknowledgementBatch _releases;
    private readonly WakeSignal _signal = new();
    private readonly byte[] _batch;
    private InflightWindow? _window;
    private Pace? _pace;
    private bool _wasAcknowledged;
    private volatile bool _isStopped;
    private long _sent;
    private long _acknowledged;
    private long _refused;

    /// <summary>Makes a publisher without connection.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="broker">Gives version and prefix.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="payload">What messages carry behind their stamps.</param>
    /// <param name="ahead">Keeps it near its receivers, or null.</param>
    /// <param name="time">Clock.</param>
    public Publisher(
        int number, BrokerSettings broker, MessageSettings settings, ReadOnlySpan<byte> payload, AheadLimit? ahead, TimeProvider time)
    {
        (_number, _settings, _ahead, _time) = (number, settings, ahead, time);
        _template = new PublishTemplate(broker.Version, settings.QoS, settings.Topic(broker.Prefix, number), payload);
        _batch = new byte[BatchSize(_template.Length, settings.Burst)];
        _releases = new AcknowledgementBatch(broker.Version);
        Client = new BenchClient(this, time, BenchClient.BusyBuffer);
    }

    /// <summary>Its connection.</summary>
    public BenchClient Client { get; }

    /// <summary>Messages handed to the socket.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Of these, those that the broker has taken.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Of these, those that the broker has refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Why the broker refused the last of them; success if it refused none.</summary>
    public ReasonCode Refusal { get; private set; }

    /// <summary>Why the broker that has just been connected cannot be published to in this way, or null.</summary>
    public string? Objection()
    {
        var capabilities = Client.Capabilities;
        if (_settings.QoS > capabilities.MaximumQoS) return $"The broker takes QoS {(int)capabilities.MaximumQoS} at most.";
        return _template.Length > capabilities.MaximumPacketSize
            ? $"The broker takes packets of {capabilities.MaximumPacketSize} bytes at most; these have {_template.Length}."
            : null;
    }

    /// <summary>Publishes until told to stop, the count is reached, or the connection ends.</summary>
    public async Task RunAsync()
    {
        if (_settings.QoS != QualityOfService.AtMostOnce)
            _window = new InflightWindow(Math.Min(_settings.Window, (int)Client.Capabilities.ReceiveMaximum), _settings.QoS); // [MQTT-4.9.0-2]
        if (_settings.Rate > 0) _pace = new Pace(_settings.Rate, (double)_number / _settings.Publishers, Pacer.Tolerance, _time);
        Client.Outgoing.Drained = _signal.Set;
        _ = Client.Ended.ContinueWith(
            (_, signal) => ((WakeSignal)signal!).Set(), _signal, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await Task.Yield();
        while (!_isStopped && !Client.HasEnded && !IsThrough)
        {
            var now = _time.GetTimestamp();
            var count = Allowed(now);
            if (count == 0)
            {
                await _signal.WaitAsync();
                continue;
            }

            SendBatch(count, now);
            // Fair to the other connections where nothing holds this one back; a hop that is spared otherwise.
            if (_pace is null && Allowed(now) > 0) await Task.Yield();
        }
    }

    /// <summary>Ends the loop.</summary>
    public void Stop()
    {
        _isStopped = true;
        _signal.Set();
    }

    /// <summary>The clock has gone on.</summary>
    public void WakeIfDue(long now)
    {
        if (_pace is { } pace && pace.NextDue <= now) _signal.Set();
    }

    /// <summary>A subscriber has received messages, and put a memory barrier behind them.</summary>
    public void WakeIfNear()
    {
        if (_ahead is { } ahead && ahead.ShouldWake()) _signal.Set();
    }

    /// <inheritdoc/>
    public ProtocolError? Publish(in PublishFrame frame, long now) =>
        new(ReasonCode.ProtocolError, "A message came to a client without subscriptions.");

    /// <inheritdoc/>
    public ProtocolError? Acknowledge(AcknowledgementFrame frame)
    {
        switch (_window?.Acknowledge(frame.Type, frame.PacketId, frame.ReasonCode) ?? InflightStep.Violation)
        {
            case InflightStep.Finished:
                Volatile.Write(ref _acknowledged, _acknowledged + 1);
                _wasAcknowledged = true;
                return null;
            case InflightStep.Refused:
                Refusal = frame.ReasonCode;
                Volatile.Write(ref _refused, _refused + 1);
                _wasAcknowledged = true;
                return null;
            case InflightStep.Release:
                _releases.Add(PacketType.PubRel, frame.PacketId); // [MQTT-4.3.3-4]
                return null;
            default:
                return new(ReasonCode.ProtocolError, "An acknowledgement came that no message waits for.");
        }
    }

    /// <inheritdoc/>
    public void EndBatch()
    {
        _releases.Send(Client.Outgoing);
        if (!_wasAcknowledged) return;
        _wasAcknowledged = false;
        _signal.Set();
    }

    private bool IsThrough => _settings.Count > 0 && _sent >= _settings.Count;

    /// <summary>Room for a burst, but not for more than a socket would take; large messages go one by one.</summary>
    private static int BatchSize(int packet, int burst)
    {
        const int enough = 256 * 1024;
        return (int)Math.Max(packet, Math.Min((long)packet * burst, enough));
    }

    private void SendBatch(int count, long now)
    {
        var length = 0;
        for (var i = 0; i < count; i++)
        {
            var stamp = new MessageStamp(_pace?.Take(now) ?? now, _number, _sent + i);
            _template.Write(_batch.AsSpan(length), _window?.Take() ?? 0, stamp);
            length += _template.Length;
        }

        Volatile.Write(ref _sent, _sent + count); // Before they leave: nothing is received that was not sent.
        Client.Outgoing.Send(_batch.AsSpan(0, length));
    }

    private int Allowed(long now)
    {
        if (Client.Outgoing.IsBusy) return 0;
        var count = (long)Math.Min(_settings.Burst, _batch.Length / _template.Length);
        if (_settings.Count > 0) count = Math.Min(count, _settings.Count - _sent);
        if (_pace is not null) count = Math.Min(count, _pace.DueCount(now));
        if (_window is not null) count = Math.Min(count, _window.FreeCount);
        if (count > 0 && _ahead is not null) count = Math.Min(count, _ahead.Room(_sent));
        return (int)count;
    }
}
