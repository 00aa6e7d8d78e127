using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansMqtt.Cli.Tests.Harness;

/// <summary>The gateway host, in this process, on a free port.</summary>
public sealed partial class GatewayFixture : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private Task<int> _run = Task.FromResult(0);

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var (output, error) = (new FirstLineWriter(), new StringWriter());
        _run = GatewayHost.GatewayHost.RunAsync(["--Listeners:default:Bind=127.0.0.1:0", "--Http:Bind=none"], output, error, _stop.Token);
        Assert.True(await Task.WhenAny(output.FirstLine, _run) != _run, error.ToString());
        Port = int.Parse(PortInLine.Match(await output.FirstLine).Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    [GeneratedRegex(@"(?<=127\.0\.0\.1:)\d+")]
    private static partial Regex PortInLine { get; }

    private sealed class FirstLineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _firstLine.Task;

        public override Task WriteLineAsync(string? value)
        {
            _firstLine.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
