using System.Buffers;
using System.IO.Pipelines;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Routing;
using OrleansMqtt.Settings;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>What goes through an outbox whose rate comes, goes and changes.</summary>
public sealed class PacedOutboxTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Live<GatewayLimits> _limits = new(new GatewayLimits());
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 8192, resumeWriterThreshold: 4096, useSynchronizationContext: false));
    private readonly PauseWheel _wheel;
    private readonly Outbox _outbox;

    public PacedOutboxTests()
    {
        _wheel = new PauseWheel(_time);
        _outbox = new Outbox(_pipe.Writer, new BrokerMetrics());
    }

    public void Dispose() => _wheel.Dispose();

    private void Limit(int messages, long bytes) => _limits.Set(new GatewayLimits { Rates = new RateLimits { MaxClientMessagesOutPerSecond = messages, MaxClientBytesOutPerSecond = bytes } });

    private void Pace() => _outbox.Pace(flush => new OutboundRate(_limits, _wheel, _time, null, flush));

    private void Write(ReadOnlySpan<byte> bytes, bool isMessage)
    {
        using var batch = DeliveryBatch.Begin();
        lock (_outbox.Gate)
        {
            _outbox.Write(bytes);
            if (isMessage) _outbox.EndMessage();
            _outbox.Mark();
        }
    }

    private byte[] Read()
    {
        if (!_pipe.Reader.TryRead(out var result)) return [];
        var bytes = result.Buffer.ToArray();
        _pipe.Reader.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    [Fact]
    public void Answers_wait_for_messages_before_them_only()
    {
        Limit(messages: 2, bytes: 0);
        Pace();
        for (byte i = 1; i <= 3; i++) Write([i], isMessage: true);
        Assert.Equal([1, 2], Read());
        Write([9], isMessage: false);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Empty(Read());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([3, 9], Read());
        Write([8], isMessage: false);
        Assert.Equal([8], Read());
    }

    [Fact]
    public void Nothing_is_lost_or_changes_places_and_no_more_goes_than_may()
    {
        var random = new Random(Seed.Take());
        var (written, read) = (new List<byte>(), new List<byte>());
        byte next = 0;
        for (var round = 0; round < 2000; round++)
        {
            switch (random.Next(8))
            {
                case 0:
                    Limit(random.Next(2) * random.Next(1, 20), random.Next(2) * random.Next(1, 5000));
                    break;
                case 1:
                    Pace();
                    break;
                case 2 when random.Next(10) == 0:
                    _outbox.Unpace();
                    _outbox.Flush();
                    break;
                case 3 or 4:
                    _time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 700)));
                    break;
                case 5:
                    read.AddRange(Read());
                    break;
                default:
                    var bytes = new byte[random.Next(1, 3000)];
                    for (var i = 0; i < bytes.Length; i++) bytes[i] = next++;
                    written.AddRange(bytes);
                    Write(bytes, isMessage: random.Next(3) > 0);
                    break;
            }
        }
        _outbox.Unpace();
        for (var end = 0; end < 10_000 && read.Count < written.Count; end++)
        {
            _outbox.Flush();
            read.AddRange(Read());
        }
        Assert.True(written.SequenceEqual(read), $"{written.Count} bytes written, {read.Count} read.");
        Assert.Equal(0, _outbox.PendingBytes);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 1000)]
    [InlineData(7, 900)]
    public void In_no_time_more_goes_than_a_burst_and_the_rate(int messages, int bytes)
    {
        Limit(messages, bytes);
        Pace();
        for (var i = 0; i < 200; i++) Write(new byte[100], isMessage: true);
        var sent = 0;
        for (var tenths = 0; tenths <= 50; tenths++)
        {
            while (Read() is { Length: > 0 } some) sent += some.Length;
            var (mostMessages, mostBytes) = (messages == 0 ? int.MaxValue : messages + (messages * tenths / 10), bytes == 0 ? int.MaxValue : bytes + (bytes * tenths / 10));
            Assert.InRange(sent, Math.Min((long)mostMessages * 100, mostBytes) - 100, Math.Min((long)mostMessages * 100, mostBytes) + 99);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
