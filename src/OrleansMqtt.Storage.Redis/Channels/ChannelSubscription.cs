using System.Globalization;
using System.Text;
using System.Text.Unicode;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>What comes by one subscribed connection: makes messages of what is not the cluster's own.</summary>
internal sealed class ChannelSubscription(RespConnection connection, ChannelPatterns patterns, byte[] marker, QualityOfService qos, ChannelCounts counts, TimeProvider time)
{
    private const int LargestBatch = 512;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5), AnswerTimeout = TimeSpan.FromSeconds(10);
    private readonly List<Message> _batch = [];
    // How many more of our own may come, at most; 0: what comes is from others.
    private int _own;
    private long _waitingSince;

    /// <summary>Subscribes, and returns when Redis has confirmed all of it.</summary>
    /// <exception cref="IOException">Redis refuses it, or has ended the connection.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        // The marker first: no message of ours can come before it is subscribed to.
        await connection.SendAsync(["SUBSCRIBE"u8.ToArray(), marker], cancellationToken);
        await connection.SendAsync(["PSUBSCRIBE"u8.ToArray(), .. patterns.All], cancellationToken);
        for (var confirmed = 0; confirmed < patterns.All.Length + 1;)
        {
            if (!connection.Reader.TryRead()) await connection.Reader.FillAsync(cancellationToken);
            else if (connection.Reader[0].EndsWith("subscribe"u8)) confirmed++;
            else Take();
        }
    }

    /// <summary>The next messages; none where only the cluster's own have come. The list is the same at each call.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async ValueTask<IReadOnlyList<Message>> ReadAsync(CancellationToken cancellationToken)
    {
        _batch.Clear();
        if (!TakeWhatHasCome())
        {
            Volatile.Write(ref _waitingSince, time.GetTimestamp());
            await connection.Reader.FillAsync(cancellationToken);
            Volatile.Write(ref _waitingSince, 0);
            TakeWhatHasCome();
        }
        return _batch;
    }

    /// <summary>Finds out whether Redis is still there, until canceled or it is not: then the connection ends.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(PingInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                // While messages are routed nothing is read, and that says nothing of Redis.
                if (Volatile.Read(ref _waitingSince) is not 0 and var since && time.GetElapsedTime(since) > AnswerTimeout) throw new IOException("Redis does not answer.");
                await connection.SendAsync(["PING"u8.ToArray()], cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // Whoever reads is told.
                await connection.DisposeAsync();
                return;
            }
        }
    }

    private bool TakeWhatHasCome()
    {
        var any = false;
        while (_batch.Count < LargestBatch && connection.Reader.TryRead())
        {
            any = true;
            Take();
        }
        return any;
    }

    private void Take()
    {
        var reader = connection.Reader;
        if (reader.Count == 3 && reader[0].SequenceEqual("message"u8)) _own = OwnAfter(reader[2]);
        else if (reader.Count == 4 && reader[0].SequenceEqual("pmessage"u8)) Take(reader[1], reader[2], reader[3]);
    }

    // A script that was killed has left out the second marker: no more than it had to publish is taken for ours.
    private int OwnAfter(ReadOnlySpan<byte> number) =>
        int.TryParse(Encoding.ASCII.GetString(number), NumberStyles.None, CultureInfo.InvariantCulture, out var messages) ? messages * patterns.All.Length : 0;

    private void Take(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        // The markers themselves come for the pattern "*" too.
        if (channel.SequenceEqual(marker)) return;
        if (_own > 0) _own--;
        else if (patterns.Takes(pattern, channel))
        {
            if (TopicName.IsValid(channel) && Utf8.IsValid(channel)) _batch.Add(new Message(channel, [], payload) { QoS = qos });
            else counts.CountDropped(ChannelDrop.InvalidTopic);
        }
    }
}
