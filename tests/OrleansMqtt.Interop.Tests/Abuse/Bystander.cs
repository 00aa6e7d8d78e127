using System.Buffers.Binary;
using System.Diagnostics;
using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>
/// A well-behaved client beside an abuse: it publishes to itself at QoS 1, one message after the other, and every one must come back, in order and acknowledged. Its slowest
/// round trip is written to the test's output.
/// </summary>
internal sealed class Bystander : IAsyncDisposable
{
    private static int _count;
    private readonly Attacker _connection;
    private readonly Task _running;
    private readonly string _topic;
    private readonly string? _prefix;
    private volatile bool _isStopping;
    private int _rounds;
    private TimeSpan _slowest;

    private Bystander(Attacker connection, string topic, string? prefix)
    {
        (_connection, _topic, _prefix) = (connection, topic, prefix);
        _running = RunAsync();
    }

    /// <summary>Connects, subscribes and begins.</summary>
    /// <param name="broker">Where.</param>
    /// <param name="open">What stands between the socket and MQTT; null for nothing.</param>
    public static async Task<Bystander> StartAsync(BrokerAddress broker, Func<Stream, Task<Stream>>? open = null)
    {
        var name = $"bystander/{Interlocked.Increment(ref _count)}";
        var connection = await Attacker.ConnectAsync(broker, name, open: open);
        await connection.SendAsync(Wire.Subscribe(1, 1, name));
        Assert.Equal([0x90, 3, 0, 1, 1], await connection.ReceiveAsync(5));
        return new Bystander(connection, name, TestContext.Current.TestMethod?.MethodName);
    }

    /// <summary>Returns when it has had a whole round trip that began after the call: it is still there.</summary>
    public async Task RoundAsync()
    {
        var after = Volatile.Read(ref _rounds) + 2;
        while (Volatile.Read(ref _rounds) < after)
        {
            if (_running.IsCompleted) await _running;
            await Task.Yield();
        }
    }

    /// <summary>Fails if a message was lost, came out of order or was not acknowledged.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _running;
        _connection.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"{_prefix}: {_rounds} round trips of the bystander, the slowest {_slowest.TotalMilliseconds:F1} ms");
    }

    private async Task RunAsync()
    {
        var payload = new byte[4];
        while (!_isStopping)
        {
            var start = Stopwatch.GetTimestamp();
            BinaryPrimitives.WriteInt32BigEndian(payload, _rounds);
            var id = (ushort)(_rounds % ushort.MaxValue + 1);
            var publish = Wire.Publish(_topic, payload, id);
            await _connection.SendAsync(publish);
            // PUBACK and the message, in either order.
            var (acknowledged, received) = (false, false);
            while (!acknowledged || !received)
            {
                var head = await _connection.ReceiveAsync(2);
                var body = await _connection.ReceiveAsync(head[1]);
                if (head[0] == 0x40)
                {
                    Assert.Equal(id, BinaryPrimitives.ReadUInt16BigEndian(body));
                    acknowledged = true;
                    continue;
                }
                Assert.Equal(0x32, head[0]);
                Assert.Equal(payload, body[^4..]);
                await _connection.SendAsync(Wire.PubAck(BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(2 + _topic.Length))));
                received = true;
            }
            var time = Stopwatch.GetElapsedTime(start);
            if (time > _slowest) _slowest = time;
            Interlocked.Increment(ref _rounds);
        }
    }
}
