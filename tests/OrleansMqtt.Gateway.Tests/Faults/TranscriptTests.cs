using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Faults;

public sealed class TranscriptTests : IDisposable
{
    private readonly FaultFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_packet_has_a_line_as_curls_server_writes_it()
    {
        await using var broker = await _folder.StartAsync();
        using var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("raw"));
        await client.ExpectAsync("20020000");
        await client.SendAsync("8206 0001 000161 00");
        await client.ExpectAsync("9003 0001 00");
        await client.SendAsync("3206 000161 0007 78");
        await client.SendAsync("C000");
        // PUBACK, the message and PINGRESP: what comes first is nothing that a transcript says.
        await client.ReceiveAsync(4 + 6 + 2);
        await client.SendAsync("E000");
        await client.ExpectClosedAsync();
        Assert.Equal(
            [
                "client CONNECT f 00044d515454040200000003726177",
                "server CONNACK 2 20020000",
                "client SUBSCRIBE 6 000100016100",
                "server SUBACK 3 9003000100",
                "client PUBLISH 6 000161000778",
                "client PINGREQ 0 c000",
                "client DISCONNECT 0 e000",
            ],
            _folder.Lines.Where(static line => !line.StartsWith("server PUB", StringComparison.Ordinal) && !line.StartsWith("server PING", StringComparison.Ordinal)));
        Assert.Equal(["server PINGRESP 0 d000", "server PUBACK 2 40020007", "server PUBLISH 4 300400016178"], _folder.Lines.Where(static line => line.StartsWith("server P", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are not Windows'");
        await using var broker = await _folder.StartAsync();
        await PingAsync(broker);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Transcript));
    }

    [Fact]
    public async Task It_may_be_removed_at_any_time()
    {
        await using var broker = await _folder.StartAsync();
        await PingAsync(broker);
        File.Delete(_folder.Transcript);
        await PingAsync(broker);
        Assert.Equal("client CONNECT f 00044d515454040200000003726177", _folder.Lines[0]);
    }

    [Fact]
    public async Task One_that_cannot_be_written_is_told_once_and_harms_nobody()
    {
        await using var broker = await _folder.StartAsync(transcript: _folder.Folder);
        await PingAsync(broker);
        await PingAsync(broker);
        Assert.Single(_folder.Log.Of(LogLevel.Warning), line => line.Contains($"the transcript {_folder.Folder} can't be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lock_is_there_while_any_connection_is_open()
    {
        var path = Path.Combine(_folder.Folder, "mqtt.lock");
        await using var broker = await _folder.StartAsync(new ListenerFaultOptions { LockFile = path, Transcript = _folder.Transcript });
        Assert.False(File.Exists(path));
        using var first = new RawClient(broker);
        await first.SendAsync(RawClient.Connect("first"));
        await first.ExpectAsync("20020000");
        Assert.True(File.Exists(path));
        using (var second = new RawClient(broker))
        {
            await second.SendAsync(RawClient.Connect("second") + "E000");
            await second.ExpectClosedAsync("20020000");
        }
        Assert.True(File.Exists(path));
        // Gone at once: the broker has not read what it said.
        await first.SendAsync("3004 000161 78 E000");
        first.Dispose();
        await Until.HoldsAsync(() => !File.Exists(path));
        Assert.Equal(["client PUBLISH 4 00016178", "client DISCONNECT 0 e000"], _folder.Lines[^2..]);
    }

    [Fact]
    public async Task A_lock_that_cannot_be_written_harms_nobody()
    {
        await using var broker = await _folder.StartAsync(new ListenerFaultOptions { LockFile = _folder.Folder });
        await PingAsync(broker);
        Assert.Contains(_folder.Log.Of(LogLevel.Warning), line => line.Contains($"the lock {_folder.Folder} can't be written or removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_at_the_same_time_have_whole_lines()
    {
        const int Clients = 8, Pings = 50;
        await using var broker = await _folder.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var client = new RawClient(broker);
            await client.SendAsync(RawClient.Connect("", level: 4));
            await client.ExpectAsync("20020000");
            for (var i = 0; i < Pings; i++)
            {
                await client.SendAsync("C000");
                await client.ExpectAsync("D000");
            }
        }));
        var lines = _folder.Lines;
        Assert.Equal(Clients * Pings, lines.Count(static line => line == "client PINGREQ 0 c000"));
        Assert.Equal(Clients * Pings, lines.Count(static line => line == "server PINGRESP 0 d000"));
        Assert.Equal(2 * Clients * (Pings + 1), lines.Length);
    }

    private static async Task PingAsync(TestBroker broker)
    {
        using var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("raw"));
        await client.ExpectAsync("20020000");
        await client.SendAsync("C000");
        await client.ExpectAsync("D000");
    }
}
