using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>Memory runs short, as the test says.</summary>
public sealed class OverloadTests
{
    private const int Buffer = 4096, Payload = 1000;
    private static readonly GatewayLimits Limits = new() { MaxMemoryBytes = 1_000_000, MaxOutboxBytes = 100_000 };

    private static void Use(TestBroker broker, long bytes, long collection = 1)
    {
        ((TestMemory)broker.Services.GetRequiredService<IMemoryProbe>()).Now = new MemorySample(bytes, 10_000_000, collection);
        broker.Time.Advance(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task First_new_clients_are_refused_and_the_others_are_served(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        var beside = await broker.ConnectAsync("beside", version);
        Use(broker, 860_000);
        var (refused, connAck) = await broker.TryConnectAsync("c", version);
        Assert.Equal(ReasonCode.ServerBusy.In(version), connAck.ReasonCode);
        await refused.ExpectClosedAsync();
        await beside.SubscribeAsync("t");
        await beside.PublishAsync("t", "m");
        Assert.Equal("m", await beside.ReceiveTextAsync());
        Assert.Equal((1L, 1L), (broker.Metrics.Overload, broker.Metrics.Refused(RefusalKind.Overload)));
    }

    [Fact]
    public async Task A_level_ends_below_where_it_begins()
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        foreach (var (bytes, level) in (((long, long)[])[(850_000, 0), (850_001, 1), (800_001, 1), (800_000, 0), (850_000, 0), (950_000, 1), (950_001, 2), (900_001, 2), (900_000, 1), (950_000, 1), (999_999, 2), (800_001, 1), (0, 0), (2_000_000, 2), (0, 0)]))
        {
            Use(broker, bytes);
            Assert.Equal((bytes, level), (bytes, broker.Metrics.Overload));
        }
        await broker.ConnectAsync("c");
    }

    [Fact]
    public async Task Then_those_are_disconnected_for_whom_the_most_waits_until_it_is_enough()
    {
        await using var broker = await TestBroker.StartAsync(Limits, serverToClientBuffer: Buffer);
        var (fast, publisher) = (await broker.ConnectAsync("fast"), await broker.ConnectAsync("p"));
        var slow = new List<TestClient>();
        await fast.SubscribeAsync("#");
        for (var i = 0; i < 3; i++)
        {
            slow.Add(await broker.ConnectAsync($"slow{i}"));
            await slow[i].SubscribeAsync($"t/{i}");
            // The later ones have more waiting.
            for (var message = 0; message < 20 * (i + 1); message++)
            {
                await publisher.PublishAsync($"t/{i}", $"{message}".PadRight(Payload));
                await fast.ReceivePublishAsync();
            }
        }
        var (most, more) = (broker.ConnectionOf("slow2").WaitingBytes, broker.ConnectionOf("slow1").WaitingBytes);
        Assert.True(most > more && more > broker.ConnectionOf("slow0").WaitingBytes);

        // As much too much as one has waiting.
        Use(broker, 900_000 + most, collection: 7);
        Assert.Equal((false, true, true), (broker.Services.IsConnected("slow2"), broker.Services.IsConnected("slow1"), broker.Services.IsConnected("slow0")));
        // What it had has not been collected yet.
        Use(broker, 900_000 + most, collection: 7);
        Assert.True(broker.Services.IsConnected("slow1"));
        Use(broker, 900_000 + most + 1, collection: 8);
        Assert.Equal((false, false, true), (broker.Services.IsConnected("slow1"), broker.Services.IsConnected("slow0"), broker.Services.IsConnected("fast")));

        var last = await LastAsync(slow[2]);
        Assert.Equal(ReasonCode.QuotaExceeded, Assert.IsType<DisconnectPacket>(last).ReasonCode);
        Assert.Equal(3, broker.Metrics.Refused(RefusalKind.Overload));
        await publisher.PublishAsync("t/x", "on");
        Assert.Equal("on", await fast.ReceiveTextAsync());
        broker.Time.Advance(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Without_a_limit_it_is_four_fifths_of_what_there_is()
    {
        await using var broker = await TestBroker.StartAsync();
        Use(broker, 6_800_000);
        Assert.Equal(0, broker.Metrics.Overload);
        Use(broker, 6_800_001);
        Assert.Equal(1, broker.Metrics.Overload);
        broker.Change(static limits => limits with { MaxMemoryBytes = 10_000_000 });
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, broker.Metrics.Overload);
    }

    [Fact]
    public async Task It_is_told_to_those_who_watch()
    {
        await using var broker = await TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.FromSeconds(10), Limits = Limits });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("$SYS/broker/overload");
        Assert.Equal("0", await client.ReceiveTextAsync());
        Use(broker, 860_000);
        broker.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("1", await client.ReceiveTextAsync());
    }

    [Fact]
    public void What_the_process_uses_is_known()
    {
        GC.Collect();
        var sample = new ProcessMemory().Sample();
        Assert.True(sample.Used > 0 && sample.Available > sample.Used && sample.Collection > 0, $"{sample}");
    }

    // Its buffer is full: what is said at the end comes when it reads.
    private static async Task<Packet?> LastAsync(TestClient client)
    {
        Packet? last = null;
        while (await client.ReceiveAsync() is { } packet) last = packet;
        return last;
    }
}
