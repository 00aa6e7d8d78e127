using System.Buffers.Binary;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Hosts;

/// <summary>A store that cannot be had stops the start: one sentence says why, nothing else. What can be had is named in the start line.</summary>
public sealed class StoreTests : IDisposable
{
    private static readonly string[] Listening = ["--Listeners:default:Bind=127.0.0.1:0", "--Http:Bind=none"];
    private readonly TemporaryDirectory _directory = new();

    public StoreTests() => InteropTarget.SkipIfForeign();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("process")]
    [InlineData("disk")]
    public async Task The_start_line_names_the_embedded_store_and_what_it_survives(string durability)
    {
        await using var gateway = await GatewayProcess.StartAsync([.. Embedded(_directory.Path), $"--Store:Durability={durability}"]);

        Assert.Contains(_directory.Path, gateway.StartLine, StringComparison.Ordinal);
        Assert.Contains("sqlite", gateway.StartLine, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith($"durability {durability}", gateway.StartLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_stops_the_start()
    {
        var file = _directory.File("data");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        await AssertRefusedAsync(Embedded(file), file, "file", "directory");
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_data_directory_in_use_stops_the_start()
    {
        await using var first = await GatewayProcess.StartAsync(Embedded(_directory.Path));

        await AssertRefusedAsync(Embedded(_directory.Path), _directory.Path, "in use");
        (await first.StopAsync()).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_store_of_a_newer_format_stops_the_start_and_is_left_as_it_is()
    {
        await using (var first = await GatewayProcess.StartAsync(Embedded(_directory.Path))) (await first.StopAsync()).ShouldExitWith(0);
        var file = _directory.File("store.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        // Where SQLite has its user_version.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), 1_000_000);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        await AssertRefusedAsync(Embedded(_directory.Path), file, "newer", "1000000");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_Redis_that_nobody_runs_stops_the_start()
    {
        var address = $"127.0.0.1:{FreePort.Take(1)[0]}";

        await AssertRefusedAsync([.. Listening, $"--Store:Redis={address}"], address);
    }

    [Fact]
    public async Task A_wrong_password_of_Redis_stops_the_start_and_is_not_told()
    {
        await using var redis = await RedisProcess.StartAsync(_directory.Path, "--requirepass", "right-one");

        var sentence = await AssertRefusedAsync([.. Listening, $"--Store:Redis={redis.Address},password=wrong-one"], redis.Address, "password");
        Assert.DoesNotContain("wrong-one", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_keeps_less_than_is_promised_stops_a_strict_start()
    {
        await using var redis = await RedisProcess.StartAsync(_directory.Path, "--appendonly", "no");

        await AssertRefusedAsync([.. Listening, $"--Store:Redis={redis.Address}", "--Store:Durability=disk", "--Store:Strict=true"], redis.Address, "appendonly", "disk");
    }

    [Fact]
    public async Task A_Redis_that_keeps_what_is_promised_passes_a_strict_start()
    {
        await using var redis = await RedisProcess.StartAsync(_directory.Path, "--appendonly", "yes", "--appendfsync", "always");
        await using var gateway = await GatewayProcess.StartAsync([.. Listening, $"--Store:Redis={redis.Address}", "--Store:Durability=disk", "--Store:Strict=true"]);

        Assert.Contains($"redis {redis.Address}", gateway.StartLine, StringComparison.Ordinal);
        Assert.EndsWith("durability disk", gateway.StartLine, StringComparison.Ordinal);
    }

    private static string[] Embedded(string directory) => [.. Listening, $"--Store:Path={directory}"];

    private static async Task<string> AssertRefusedAsync(string[] arguments, params string[] parts)
    {
        await using var process = GatewayProcess.Launch(arguments);
        var result = await process.ExitAsync();

        Assert.True(result.ExitCode is > 0 and < 128, $"exit code {result.ExitCode}\n{result.Transcript}");
        Assert.True(result.Errors.Count == 1, result.Transcript);
        Assert.DoesNotContain(result.Output, static line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, result.Errors[0], StringComparison.OrdinalIgnoreCase));
        return result.Errors[0];
    }
}
