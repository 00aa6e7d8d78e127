using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>What anybody who reaches the port may try, before he is a client.</summary>
public sealed class ConnectionAbuseTests : IClassFixture<AbuseFixture>
{
    private readonly BrokerAddress _broker;

    public ConnectionAbuseTests(AbuseFixture fixture)
    {
        InteropTarget.SkipIfForeign();
        _broker = fixture.Address;
    }

    [Fact]
    public async Task A_CONNECT_that_never_ends_is_given_up()
    {
        const int count = 200;
        await using var bystander = await Bystander.StartAsync(_broker);
        var attackers = new Attacker[count];
        for (var i = 0; i < count; i++)
        {
            attackers[i] = await Attacker.OpenAsync(_broker);
            await attackers[i].SendAsync(Wire.Connect($"slow{i}").AsMemory(0, 1 + (i % 12)));
        }

        foreach (var attacker in attackers)
            using (attacker) Assert.Empty(await attacker.ReceiveToEndAsync());
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Sockets_that_say_nothing_are_closed()
    {
        const int count = 1000;
        await using var bystander = await Bystander.StartAsync(_broker);
        var attackers = new Attacker[count];
        for (var i = 0; i < count; i++) attackers[i] = await Attacker.OpenAsync(_broker);

        foreach (var attacker in attackers)
            using (attacker) Assert.Empty(await attacker.ReceiveToEndAsync());
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task One_byte_at_a_time_is_slow_and_no_mistake()
    {
        await using var bystander = await Bystander.StartAsync(_broker);
        using var client = await Attacker.OpenAsync(_broker);
        byte[] all = [.. Wire.Connect("crumbs"), .. Wire.Subscribe(7, 0, "crumbs"), .. Wire.Publish("crumbs", "whole"u8), .. Wire.PingReq];

        foreach (var one in all) await client.SendAsync(new[] { one });

        byte[] expected = [0x20, 2, 0, 0, 0x90, 3, 0, 7, 0, .. Wire.Publish("crumbs", "whole"u8), 0xD0, 0];
        Assert.Equal(expected, await client.ReceiveAsync(expected.Length));
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task A_first_packet_of_256_MB_is_refused_by_its_length()
    {
        await using var bystander = await Bystander.StartAsync(_broker);
        using var attacker = await Attacker.OpenAsync(_broker);

        await attacker.SendAsync(Wire.Header(0x10, 268_435_455));

        Assert.Empty(await attacker.ReceiveToEndAsync());
        await bystander.RoundAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: broker\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    public async Task Other_protocols_are_closed_without_a_word(string greeting)
    {
        await using var bystander = await Bystander.StartAsync(_broker);
        using var attacker = await Attacker.OpenAsync(_broker);

        await attacker.SendAsync(System.Text.Encoding.Latin1.GetBytes(greeting));

        Assert.Empty(await attacker.ReceiveToEndAsync());
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Fifty_thousand_clients_that_never_say_goodbye()
    {
        const int count = 50_000, together = 50;
        await using var bystander = await Bystander.StartAsync(_broker);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = together, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) => (await Attacker.ConnectAsync(_broker, $"gone{i}")).Dispose());

        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Two_that_take_the_same_session_over_from_each_other()
    {
        const int takeovers = 2000;
        await using var bystander = await Bystander.StartAsync(_broker);
        Attacker? before = null;
        for (var i = 0; i < takeovers; i++)
        {
            var next = await Attacker.ConnectAsync(_broker, "pingpong", clean: i % 3 == 0);
            if (before is not null)
                using (before) Assert.Empty(await before.ReceiveToEndAsync());
            before = next;
        }

        using (before)
        {
            await before!.SendAsync(Wire.PingReq);
            Assert.Equal([0xD0, 0], await before.ReceiveAsync(2));
        }
        await bystander.RoundAsync();
    }
}
