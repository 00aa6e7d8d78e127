using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage.Redis.Connections;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>
/// Publishes on channels what this silo routes: one batch in flight, what comes meanwhile is the next one. While Redis is away it is dropped, as it would be for anybody who publishes there: channels keep nothing.
/// </summary>
internal sealed class ChannelPublisher : IPublishTap, IDisposable
{
    /// <summary>Bytes that may wait, <see cref="Overhead"/> included.</summary>
    public const long MostWaiting = 64 << 20;

    // What a message takes besides its bytes.
    private const int Overhead = 128;
    // While a script runs Redis does nothing else.
    private const int LargestBatch = 512, LargestBatchBytes = 1 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2), AnswerTimeout = TimeSpan.FromSeconds(5), DrainPatience = TimeSpan.FromSeconds(2);

    private readonly ConfigurationOptions _configuration;
    private readonly ChannelCounts _counts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly byte[][] _filters;
    private readonly byte[] _marker;
    private readonly ChannelOutage _outage;
    private readonly Channel<Message> _waiting = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly List<Message> _batch = [];
    private Task _running = Task.CompletedTask;
    private long _bytes;
    private volatile bool _isAway;
    private bool _isRefused;

    public ChannelPublisher(RedisChannelOptions options, ConfigurationOptions configuration, ChannelCounts counts, TimeProvider time, ILogger logger)
    {
        (_configuration, _counts, _time, _logger, _stopping) = (configuration, counts, time, logger, _stop.Token);
        _filters = [.. options.Publish.Select(System.Text.Encoding.UTF8.GetBytes)];
        _marker = ChannelMarker.ChannelOf(options.ClusterId);
        _outage = new ChannelOutage(problem => ChannelLog.LogNotPublishing(logger, problem), () => ChannelLog.LogPublishing(logger, _filters.Length));
    }

    /// <inheritdoc/>
    public bool Wants(ReadOnlySpan<byte> topic)
    {
        foreach (var filter in _filters)
            if (TopicFilter.Matches(filter, topic)) return true;
        return false;
    }

    /// <inheritdoc/>
    public void Take(ref PublishView publish)
    {
        var size = Overhead + publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;
        if (_isAway) _counts.CountDropped(ChannelDrop.Disconnected);
        else if (Volatile.Read(ref _bytes) + size > MostWaiting) _counts.CountDropped(ChannelDrop.Full);
        else
        {
            Interlocked.Add(ref _bytes, size);
            // Refused once the silo has stopped.
            if (!_waiting.Writer.TryWrite(publish.ToMessage())) _counts.CountDropped(ChannelDrop.Disconnected);
        }
    }

    /// <summary>Begins to connect, and does not wait for it.</summary>
    public Task StartAsync()
    {
        _running = RunAsync();
        return Task.CompletedTask;
    }

    /// <summary>Lets what waits go out, for a moment.</summary>
    public async Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.CancelAfter(DrainPatience);
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var pause = FirstPause; !_stopping.IsCancellationRequested && !_waiting.Reader.Completion.IsCompleted; pause = BackOff.After(pause, FirstPause, LongestPause))
        {
            // Away from the stack of whoever starts the silo; and a pause, since who lost a connection at once may lose the next one as well.
            await Task.Delay(pause, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                using var link = await RedisLink.OpenAsync(_configuration);
                // Nothing, between two markers: it shows that the user may do this.
                await PublishAsync(link);
                _isAway = false;
                _outage.End();
                pause = FirstPause;
                await PublishAllAsync(link);
            }
#pragma warning disable CA1031 // Whatever it is, the log says so, and the next attempt follows.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _isAway = true;
                DropWaiting();
                if (!_stopping.IsCancellationRequested) _outage.Begin(exception.Message);
            }
        }
        DropWaiting();
    }

    // Until the connection is lost, or the silo stops and nothing waits any more.
    private async Task PublishAllAsync(RedisLink link)
    {
        while (true)
        {
            var more = _waiting.Reader.WaitToReadAsync(_stopping).AsTask();
            if (await Task.WhenAny(more, link.Lost) != more) throw new IOException("The connection is lost.");
            if (!await more) return;
            Fill();
            await PublishAsync(link);
        }
    }

    private void Fill()
    {
        var bytes = 0;
        while (_batch.Count < LargestBatch && bytes < LargestBatchBytes && _waiting.Reader.TryRead(out var message))
        {
            _batch.Add(message);
            bytes += message.Size;
        }
    }

    private async Task PublishAsync(RedisLink link)
    {
        var arguments = new List<object>(3 + (2 * _batch.Count)) { ChannelMarker.Script, 0, _marker };
        foreach (var message in _batch)
        {
            arguments.Add(message.Topic.ToArray());
            arguments.Add(message.Payload.ToArray());
        }
        var answer = (RedisResult[])(await link.Database.ExecuteAsync("EVAL", [.. arguments]).WaitAsync(AnswerTimeout, _time))!;
        var refused = (int)answer[0];
        if (refused > 0 && !_isRefused) ChannelLog.LogRefused(_logger, (string)answer[1]!);
        _isRefused = refused > 0;
        _counts.CountDropped(ChannelDrop.Refused, refused);
        _counts.CountPublished(_batch.Count - refused);
        Release(_batch);
        _batch.Clear();
    }

    private void DropWaiting()
    {
        // Those of the batch may have been published or not: nobody knows.
        while (_waiting.Reader.TryRead(out var message)) _batch.Add(message);
        _counts.CountDropped(ChannelDrop.Disconnected, _batch.Count);
        Release(_batch);
        _batch.Clear();
    }

    private void Release(List<Message> messages) => Interlocked.Add(ref _bytes, -messages.Sum(static message => (long)Overhead + message.Size));
}
