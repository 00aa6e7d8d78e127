using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Hosts;

/// <summary>Configuration that cannot be meant stops the start: one sentence names the key, what was found, and what is allowed.</summary>
public sealed class ConfigurationTests
{
    public ConfigurationTests() => InteropTarget.SkipIfForeign();

    /// <summary>Argument; key and value as the sentence must show them; a word of what is allowed.</summary>
    public static readonly TheoryData<string, string, string, string> Mistakes = new()
    {
        { "--Listeners:default:Bind=nonsense", "Listeners:default:Bind", "nonsense", "host:port" },
        { "--Listeners:default:Bind=127.0.0.1:70000", "Listeners:default:Bind", "70000", "65535" },
        { "--Listeners:default:Transport=carrier-pigeon", "Listeners:default:Transport", "carrier-pigeon", "tcp" },
        { "--Listeners:default:Bimd=1", "Listeners:default:Bimd", "Bimd", "Bind" },
        { "--Limits:ReceiveMaximum=0", "Limits:ReceiveMaximum", "0", "65535" },
        { "--Limits:ReceiveMaximum=many", "Limits:ReceiveMaximum", "many", "65535" },
        { "--Store:Durability=perhaps", "Store:Durability", "perhaps", "memory" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_stops_the_start(string argument, string key, string found, string allowed)
    {
        await using var process = GatewayProcess.Launch([.. GatewayProcess.Embedded, argument]);
        var result = await process.ExitAsync();

        Assert.True(result.ExitCode is > 0 and < 128, $"exit code {result.ExitCode}\n{result.Transcript}");
        var sentence = Assert.Single(result.Errors);
        Assert.Contains(key, sentence, StringComparison.Ordinal);
        Assert.Contains(found, sentence, StringComparison.Ordinal);
        // 65,535 and 65535 are the same to the reader.
        Assert.Contains(allowed, sentence.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start()
    {
        await using var first = await GatewayProcess.StartAsync(GatewayProcess.Embedded);
        await using var second = GatewayProcess.Launch(
            [$"--Listeners:default:Bind=127.0.0.1:{first.Address.PortText}", "--Store:Path=memory", "--Http:Bind=none"]);
        var result = await second.ExitAsync();

        Assert.True(result.ExitCode is > 0 and < 128, $"exit code {result.ExitCode}\n{result.Transcript}");
        Assert.Contains(first.Address.PortText, Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_address_without_authentication_stops_the_start()
    {
        await using var process = GatewayProcess.Launch(["--Listeners:default:Bind=0.0.0.0:0", "--Store:Path=memory", "--Http:Bind=none"]);
        var result = await process.ExitAsync();

        Assert.True(result.ExitCode is > 0 and < 128, $"exit code {result.ExitCode}\n{result.Transcript}");
        Assert.Contains("Authentication:AllowAnonymous", Assert.Single(result.Errors), StringComparison.Ordinal);
    }
}
