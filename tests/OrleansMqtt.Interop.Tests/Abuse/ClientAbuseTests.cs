using System.Globalization;
using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>What a client may try that has been let in.</summary>
public sealed class ClientAbuseTests : IClassFixture<AbuseFixture>
{
    private readonly AbuseFixture _fixture;

    public ClientAbuseTests(AbuseFixture fixture)
    {
        InteropTarget.SkipIfForeign();
        _fixture = fixture;
    }

    [Fact]
    public async Task Packets_of_256_MB_that_are_announced_and_never_come_take_no_memory()
    {
        const int count = 40, allowedMegabytes = 200;
        await using var bystander = await Bystander.StartAsync(_fixture.Address);
        var before = MemoryOf(_fixture.Gateway.ProcessId);
        var attackers = new Attacker[count];
        for (var i = 0; i < count; i++)
        {
            attackers[i] = await Attacker.ConnectAsync(_fixture.Address, $"huge{i}");
            byte[] start = [.. Wire.Header(0x30, 268_435_455), 0, 1, (byte)'t', .. new byte[1000]];
            await attackers[i].SendAsync(start);
        }

        await bystander.RoundAsync();
        Assert.InRange(MemoryOf(_fixture.Gateway.ProcessId) - before, long.MinValue, allowedMegabytes << 20);
        foreach (var attacker in attackers) attacker.Dispose();
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task A_subscriber_with_a_hundred_thousand_filters()
    {
        const int filters = 100_000, perPacket = 1000;
        await using var bystander = await Bystander.StartAsync(_fixture.Address);
        using (var attacker = await Attacker.ConnectAsync(_fixture.Address, "greedy"))
        {
            for (var first = 0; first < filters; first += perPacket)
            {
                await attacker.SendAsync(Wire.Subscribe(1, 0, Enumerable.Range(first, perPacket).Select(i => $"greedy/{i}/+/#")));
                // 0x90, a remaining length of two bytes, packet identifier, codes.
                Assert.Equal(0x90, (await attacker.ReceiveAsync(5 + perPacket))[0]);
            }
            await bystander.RoundAsync();
        }

        // Its subscriptions go with it.
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Everything_that_is_retained_asked_for_again_and_again()
    {
        const int retained = 5000, asks = 20;
        await using var bystander = await Bystander.StartAsync(_fixture.Address);
        using var owner = await Attacker.ConnectAsync(_fixture.Address, "owner");
        for (var i = 0; i < retained; i++) await owner.SendAsync(Wire.Publish($"bomb/{i}", "x"u8, retain: true));
        await owner.SendAsync(Wire.PingReq);
        Assert.Equal([0xD0, 0], await owner.ReceiveAsync(2));

        using (var attacker = await Attacker.ConnectAsync(_fixture.Address, "bomber"))
        {
            // It reads nothing of what it asks for.
            for (ushort i = 1; i <= asks; i++)
                if (!await attacker.TrySendAsync(Wire.Subscribe(i, 1, "#", "+/#", "bomb/+"))) break;
            await bystander.RoundAsync();
        }
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Topics_and_filters_of_sixty_five_thousand_levels()
    {
        await using var bystander = await Bystander.StartAsync(_fixture.Address);
        var (topic, filter) = (new string('/', 65_535), string.Concat(Enumerable.Repeat("+/", 32_767)) + "#");
        for (var i = 0; i < 20; i++)
        {
            using var attacker = await Attacker.ConnectAsync(_fixture.Address, string.Create(CultureInfo.InvariantCulture, $"deep{i}"));
            // Refused or carried out: it must end, and nobody else may notice.
            await attacker.TrySendAsync((byte[])[.. Wire.Subscribe(1, 0, filter, topic), .. Wire.Publish(topic, "x"u8, retain: true), .. Wire.Publish(topic, ""u8, retain: true)]);
            await bystander.RoundAsync();
        }
    }

    private static long MemoryOf(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }
}
