using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OrleansMqtt.Hosting.Gateways;

namespace OrleansMqtt.Hosting.Tests;

public sealed partial class GatewayHostTests
{
    [Fact]
    public async Task Says_in_one_line_what_listens_where_and_stops_when_told()
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new SignallingWriter(), new StringWriter());
        var run = GatewayHost.RunAsync(["--Listeners:a:Bind=127.0.0.1:0", "--Listeners:b:Bind=127.0.0.1:0", "--Store:Path=memory", "--Http:Bind=none"], output, error, stop.Token);
        var line = await Task.WhenAny(output.FirstLine, run) == run ? error.ToString() : await output.FirstLine;
        Assert.Matches(Expected, line);
        await stop.CancelAsync();
        Assert.Equal(0, await run);
        Assert.Equal(line + output.NewLine, output.ToString());
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Bad_configuration_is_one_sentence_and_exit_code_2()
    {
        var (code, output, error) = await RunAsync("--Limits:ReceiveMaximum=0");
        Assert.Equal((2, "", "Limits:ReceiveMaximum is \"0\"; allowed is a whole number from 1 to 65535."), (code, output, error));
    }

    [Fact]
    public async Task An_address_in_use_is_one_sentence_and_exit_code_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (code, output, error) = await RunAsync($"--Listeners:default:Bind={other.LocalEndpoint}");
        Assert.Equal((1, "", $"Cannot listen on {other.LocalEndpoint} (default): Address already in use."), (code, output, error));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string argument)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await GatewayHost.RunAsync([argument, "--Store:Path=memory", "--Http:Bind=none"], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString().TrimEnd());
    }

    [GeneratedRegex(@"^OrleansMqtt \d+\.\d+\.\d+[^ ]*: listening on a mqtt://127\.0\.0\.1:[1-9]\d* \(tcp\), b mqtt://127\.0\.0\.1:[1-9]\d* \(tcp\); store memory, durability memory$")]
    private static partial Regex Expected { get; }
}
